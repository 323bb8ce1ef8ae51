package org.caduceus.console.page;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.caduceus.ledger.query.CutOff;

/** {@code t} on every page: the text in the language of this request. */
@Named("t")
@RequestScoped
public class PageWords {
  @Inject HttpServletRequest request;

  private Words words;

  @PostConstruct
  void choose() {
    words = new Words(Words.locale(request));
  }

  /** The text with this key. */
  public String of(String key, Object... values) {
    return words.of(key, values);
  }

  /** That this node cut a member off, why, and until when. */
  public String cutOff(String member, CutOff cut) {
    return words.of(
        "member.cutOff." + cut.offence().name(),
        member,
        cut.count(),
        Moment.of(cut.untilMs()).text());
  }

  /** The texts themselves. */
  public Words words() {
    return words;
  }

  /** The language. */
  public Locale getLocale() {
    return words.locale();
  }

  /** The language as the {@code lang} attribute wants it. */
  public String getTag() {
    return words.chinese() ? "zh-CN" : "en";
  }

  /** Whether the language is Chinese. */
  public boolean isChinese() {
    return words.chinese();
  }
}
