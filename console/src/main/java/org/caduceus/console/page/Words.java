package org.caduceus.console.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.text.MessageFormat;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** The console's texts in the reader's language. */
public final class Words {
  /** Bundle of the texts. */
  static final String BUNDLE = "org.caduceus.console.messages";

  /** Cookie with the reader's choice of language. */
  static final String LANGUAGE_COOKIE = "caduceus-lang";

  private static final ResourceBundle.Control NO_FALLBACK =
      ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

  private final Locale locale;
  private final ResourceBundle bundle;

  /** The texts in this language, which must be one of {@link #locale}'s. */
  public Words(Locale locale) {
    this.locale = locale;
    this.bundle = ResourceBundle.getBundle(BUNDLE, locale, NO_FALLBACK);
  }

  /** Simplified Chinese or English: the reader's choice, else what the browser prefers. */
  static Locale locale(HttpServletRequest request) {
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().equals(LANGUAGE_COOKIE)) {
          return cookie.getValue().equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
        }
      }
    }
    List<Locale> preferred = Collections.list(request.getLocales());
    for (Locale wish : preferred) {
      if (wish.getLanguage().equals("zh")) {
        return Locale.SIMPLIFIED_CHINESE;
      }
      if (wish.getLanguage().equals("en")) {
        return Locale.ENGLISH;
      }
    }
    return Locale.ENGLISH;
  }

  /** The language. */
  public Locale locale() {
    return locale;
  }

  /** Whether the language is Chinese. */
  public boolean chinese() {
    return locale.getLanguage().equals("zh");
  }

  /** The text with this key; a missing one shows its key, and a test finds it. */
  public String of(String key, Object... values) {
    try {
      String text = bundle.getString(key);
      return values.length == 0 ? text : new MessageFormat(text, locale).format(values);
    } catch (MissingResourceException e) {
      return key;
    }
  }

  /** Whether there is a text with this key. */
  public boolean has(String key) {
    return bundle.containsKey(key);
  }
}
