package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.intake.MessageJournal;
import org.caduceus.ledger.record.Inlet;

/** Did my message arrive, and if not, why not? */
@Named("messagesPage")
@RequestScoped
public class MessagesPage {
  private static final int SIZE = 50;

  /**
   * A message as the list shows it.
   *
   * @param at when its outcome was decided
   * @param inlet family in lower case
   * @param kind message type, a dash when it could not be read
   * @param externalId its identifier, empty when it could not be read
   * @param remote the sender's address
   * @param outcome in lower case: text key and colour
   * @param code the standard's code or the cause, may be empty
   * @param location where, may be empty
   * @param reason in words, may be empty
   * @param entryId hexadecimal, empty when there is no entry
   * @param height of the final block, 0 while there is none
   */
  public record Row(
      Moment at,
      String inlet,
      String kind,
      String externalId,
      String remote,
      String outcome,
      String code,
      String location,
      String reason,
      String entryId,
      long height) {}

  @Inject Address address;
  @Inject PageWords words;
  @EJB MessageJournal journal;

  private List<MessageJournal.Message> found = List.of();
  private Optional<Inlet> inlet = Optional.empty();
  private Optional<MessageJournal.Outcome> outcome = Optional.empty();
  private String externalId = "";
  private long before;

  @PostConstruct
  void look() {
    inlet = address.oneOf("inlet", Inlet.class);
    outcome = address.oneOf("outcome", MessageJournal.Outcome.class);
    externalId = address.text("externalId");
    before = address.number("before", Long.MAX_VALUE);
    found =
        journal.list(
            before,
            SIZE,
            inlet,
            outcome,
            Optional.of(externalId).filter(value -> !value.isEmpty()));
  }

  /** Newest first. */
  public List<Row> getRows() {
    return found.stream().map(MessagesPage::row).toList();
  }

  /** The first line. */
  public String getHeadline() {
    long troubled =
        found.stream()
            .filter(
                message ->
                    message.outcome() == MessageJournal.Outcome.REFUSED
                        || message.outcome() == MessageJournal.Outcome.DECLINED)
            .count();
    if (found.isEmpty()) {
      return words.of(isFiltered() ? "messages.headline.noMatch" : "messages.headline.none");
    }
    return words.of(
        troubled == 0 ? "messages.headline.fine" : "messages.headline.trouble",
        found.size(),
        troubled);
  }

  /** Whether any filter is set. */
  public boolean isFiltered() {
    return inlet.isPresent() || outcome.isPresent() || !externalId.isEmpty();
  }

  /** Whether newer messages exist than this page shows. */
  public boolean isPaged() {
    return before != Long.MAX_VALUE;
  }

  /** Address of the next page, empty when there is none. */
  public String getOlder() {
    return found.size() == SIZE ? "/messages?before=" + found.getLast().sequence() + filters() : "";
  }

  /** Address of the first page with the same filters. */
  public String getNewest() {
    String filters = filters();
    return "/messages" + (filters.isEmpty() ? "" : "?" + filters.substring(1));
  }

  /** Families to choose from. */
  public List<String> getInlets() {
    return Arrays.stream(Inlet.values()).map(MessagesPage::lower).toList();
  }

  /** Outcomes to choose from. */
  public List<String> getOutcomes() {
    return Arrays.stream(MessageJournal.Outcome.values()).map(MessagesPage::lower).toList();
  }

  /** The chosen family, empty for all. */
  public String getInlet() {
    return inlet.map(MessagesPage::lower).orElse("");
  }

  /** The chosen outcome, empty for all. */
  public String getOutcome() {
    return outcome.map(MessagesPage::lower).orElse("");
  }

  /** The identifier looked for, empty for all. */
  public String getExternalId() {
    return externalId;
  }

  private String filters() {
    StringBuilder filters = new StringBuilder();
    inlet.ifPresent(value -> filters.append("&inlet=").append(lower(value)));
    outcome.ifPresent(value -> filters.append("&outcome=").append(lower(value)));
    if (!externalId.isEmpty()) {
      filters.append("&externalId=").append(URLEncoder.encode(externalId, StandardCharsets.UTF_8));
    }
    return filters.toString();
  }

  private static Row row(MessageJournal.Message message) {
    return new Row(
        Moment.of(message.timeMs()),
        lower(message.inlet()),
        message.kind().isEmpty() ? "–" : message.kind(),
        message.externalId(),
        message.remote(),
        lower(message.outcome()),
        message.code(),
        message.location(),
        message.reason(),
        message.entryId().map(Hash::toHex).orElse(""),
        message.height().orElse(0L));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
