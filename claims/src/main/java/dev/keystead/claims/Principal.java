package dev.keystead.claims;

/**
 * Somebody who can say something: a key, or a program on its host. Each has one text form, and
 * {@link #parse} accepts nothing else.
 */
public sealed interface Principal permits KeyPrincipal, TaoName {
  /** The text form: ASCII, no spaces. */
  String text();

  /**
   * The principal with this text form.
   *
   * @throws IllegalArgumentException when it is not one, to the letter
   */
  static Principal parse(String text) {
    return text.startsWith(KeyPrincipal.KIND + "(")
        ? KeyPrincipal.parse(text)
        : TaoName.parse(text);
  }
}
