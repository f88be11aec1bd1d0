package dev.keystead.control.migration;

/**
 * One thing of the installation and what becomes of it.
 *
 * @param name which one: an agent's id, a policy's name, a file
 * @param why in words; empty when there is nothing to say
 */
public record Item(Kind kind, String name, Fate fate, String why) {
  /** What it is. */
  public enum Kind {
    /** The authority and the identities that it certified. */
    IDENTITY,
    /** An agent at the registrar. */
    REGISTRATION,
    /** A policy for files. */
    RUNTIME_POLICY,
    /** A policy for the boot. */
    BOOT_POLICY,
    /** An agent at the verifier. */
    NODE
  }

  /** What becomes of it. */
  public enum Fate {
    /** It is the same afterwards. */
    TAKEN,
    /** It is taken, and something of it is not as it was. */
    CHANGED,
    /** It cannot be taken, and would be missed: nothing is done unless the operator says so. */
    REFUSED,
    /** It is not taken, and is not needed. */
    LEFT
  }

  static Item taken(Kind kind, String name, String why) {
    return new Item(kind, name, Fate.TAKEN, why);
  }

  static Item changed(Kind kind, String name, String why) {
    return new Item(kind, name, Fate.CHANGED, why);
  }

  static Item refused(Kind kind, String name, String why) {
    return new Item(kind, name, Fate.REFUSED, why);
  }

  static Item left(Kind kind, String name, String why) {
    return new Item(kind, name, Fate.LEFT, why);
  }
}
