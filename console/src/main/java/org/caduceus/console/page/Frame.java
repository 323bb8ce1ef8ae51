package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caduceus.console.security.AccessRules;
import org.caduceus.console.security.SignInMechanism;
import org.caduceus.ledger.enclave.AssuranceTier;
import org.caduceus.ledger.enclave.EnclaveInfo;
import org.caduceus.ledger.query.NodeStatus;
import org.caduceus.ledger.query.StatusQuery;

/** What stands around every page: institution, tier, navigation, person, language, theme. */
@Named("frame")
@RequestScoped
public class Frame {
  static final String THEME_COOKIE = "caduceus-theme";

  /**
   * A page in the navigation.
   *
   * @param address its path
   * @param key of its name
   * @param icon PrimeIcons class
   * @param current whether the reader is there
   */
  public record Link(String address, String key, String icon, boolean current) {}

  /**
   * A block of the navigation.
   *
   * @param key of its name
   * @param links its pages that this person may open
   */
  public record Group(String key, List<Link> links) {}

  /** A page as the table below names it; {@code below} are paths that belong to it. */
  private record Place(String group, String address, String key, String icon, List<String> below) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("nav.overview", "/", "nav.overview", "pi-home", List.of()),
          new Place("nav.messages", "/messages", "nav.messagesIn", "pi-inbox", List.of()),
          new Place("nav.ledger", "/blocks", "nav.blocks", "pi-box", List.of("/block")),
          new Place("nav.ledger", "/entries", "nav.entries", "pi-list", List.of("/entry")),
          new Place("nav.network", "/diagnosis", "nav.diagnosis", "pi-wave-pulse", List.of()),
          new Place("nav.network", "/institutions", "nav.institutions", "pi-users", List.of()),
          new Place("nav.network", "/governance", "nav.governance", "pi-pencil", List.of()),
          new Place("nav.trust", "/trust", "nav.assurance", "pi-shield", List.of()));

  @Inject HttpServletRequest request;
  @EJB StatusQuery statusQuery;

  private NodeStatus status;

  @PostConstruct
  void look() {
    status = statusQuery.status();
  }

  /** The node at this moment, the same for the whole page. */
  public NodeStatus status() {
    return status;
  }

  /** This institution. */
  public String getInstitution() {
    return status.member();
  }

  /** The person signed in. */
  public String getPerson() {
    return request.getUserPrincipal() == null ? "" : request.getUserPrincipal().getName();
  }

  /** Text key of the person's first role. */
  public String getRoleKey() {
    return SignInMechanism.callerRoles(request).stream()
        .findFirst()
        .map(role -> "role." + role.name())
        .orElse("role.none");
  }

  /** The enclave's tier, {@code ABSENT} when it does not answer. */
  public String getTier() {
    return status.enclave().map(EnclaveInfo::tier).map(Enum::name).orElse("ABSENT");
  }

  /** Whether the tier protects nothing from the machine's administrator. */
  public boolean isTierWeak() {
    Optional<AssuranceTier> tier = status.enclave().map(EnclaveInfo::tier);
    return tier.isEmpty() || tier.get() == AssuranceTier.SIMULATED;
  }

  /** Days that the certificate of the peer links is still good for, negative after its end. */
  public long getCertificateDays() {
    long left = status.certificateEndsMs() - System.currentTimeMillis();
    return Math.floorDiv(left, Duration.ofDays(1).toMillis());
  }

  /** {@code none}, {@code ends} or {@code over}: what the banner says of that certificate. */
  public String getCertificateBanner() {
    long days = getCertificateDays();
    return days < 0 ? "over" : days < 90 ? "ends" : "none";
  }

  /** The navigation for this person: pages that exist and may be opened. */
  public List<Group> getGroups() {
    List<Group> groups = new ArrayList<>();
    for (Place place : PLACES) {
      if (!mayOpen(place.address())) {
        continue;
      }
      Link link = new Link(place.address(), place.key(), place.icon(), isCurrent(place));
      if (!groups.isEmpty() && groups.getLast().key().equals(place.group())) {
        groups.getLast().links().add(link);
      } else {
        groups.add(new Group(place.group(), new ArrayList<>(List.of(link))));
      }
    }
    return groups;
  }

  /** Whether this person may open a page. */
  public boolean mayOpen(String path) {
    return AccessRules.allows(AccessRules.access(path), SignInMechanism.callerRoles(request));
  }

  /** {@code light}, {@code dark}, or {@code auto}: what the browser prefers. */
  public String getTheme() {
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().equals(THEME_COOKIE)) {
          return cookie.getValue().equals("dark") || cookie.getValue().equals("light")
              ? cookie.getValue()
              : "auto";
        }
      }
    }
    return "auto";
  }

  /** The address of the page the reader sees, for links that come back to it. */
  public String getHere() {
    String query = request.getQueryString();
    return path() + (query == null ? "" : "?" + query);
  }

  /** A text as part of an address. */
  public String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private boolean isCurrent(Place place) {
    String path = path();
    return path.equals(place.address())
        || place.below().stream().anyMatch(below -> path.startsWith(below + "/"));
  }

  private String path() {
    Object original = request.getAttribute("jakarta.servlet.forward.request_uri");
    return original instanceof String uri ? uri : request.getRequestURI();
  }
}
