package org.caduceus.adapters.hl7v2;

/**
 * The separators of one message, as MSH-1 and MSH-2 name them (HL7 v2.5.1 section 2.5.4; the
 * truncation character of v2.7 is kept in {@link #encodingCharacters} and means nothing here).
 *
 * @param field MSH-1
 * @param encodingCharacters MSH-2 as written, 1 to 16 characters
 * @param component first character of MSH-2
 * @param repetition second character of MSH-2, {@link #NONE} when absent
 * @param escape third character of MSH-2, {@link #NONE} when absent
 * @param subcomponent fourth character of MSH-2, {@link #NONE} when absent
 */
public record Delimiters(
    char field,
    String encodingCharacters,
    char component,
    char repetition,
    char escape,
    char subcomponent) {

  /** Stands for a separator that the message does not use. */
  public static final char NONE = '\uffff';

  /** The separators that the standard recommends. */
  public static final Delimiters STANDARD = of('|', "^~\\&");

  /**
   * Separators from the two header fields.
   *
   * @throws IllegalArgumentException if {@link #usable} says no
   */
  public static Delimiters of(char field, String encodingCharacters) {
    if (!usable(field, encodingCharacters)) {
      throw new IllegalArgumentException("Expected distinct punctuation in MSH-1 and MSH-2");
    }
    return new Delimiters(
        field,
        encodingCharacters,
        encodingCharacters.charAt(0),
        at(encodingCharacters, 1),
        at(encodingCharacters, 2),
        at(encodingCharacters, 3));
  }

  /**
   * Whether fields, components and repetitions can be told apart. The escape and the subcomponent
   * character are not judged: messages with doubled backslashes there are common and harmless.
   */
  public static boolean usable(char field, String encodingCharacters) {
    if (encodingCharacters.isEmpty() || encodingCharacters.length() > 16) {
      return false;
    }
    char component = encodingCharacters.charAt(0);
    char repetition = at(encodingCharacters, 1);
    return punctuation(field)
        && punctuation(component)
        && (repetition == NONE || punctuation(repetition))
        && field != component
        && field != repetition
        && component != repetition;
  }

  /**
   * {@code text} with every separator and control character replaced by its escape sequence (HL7
   * v2.5.1 section 2.7), or by a blank when the message has no escape character.
   */
  public String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char code = codeOf(c);
      if (code == 0) {
        out.append(c);
      } else if (escape == NONE || code == ' ') {
        out.append(' ');
      } else {
        out.append(escape).append(code).append(escape);
      }
    }
    return out.toString();
  }

  private char codeOf(char c) {
    if (c == escape) {
      return 'E';
    } else if (c == field) {
      return 'F';
    } else if (c == component) {
      return 'S';
    } else if (c == subcomponent) {
      return 'T';
    } else if (c == repetition) {
      return 'R';
    }
    return c < ' ' ? ' ' : (char) 0;
  }

  private static char at(String text, int index) {
    return index < text.length() ? text.charAt(index) : NONE;
  }

  private static boolean punctuation(char c) {
    return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c) && c != '"';
  }
}
