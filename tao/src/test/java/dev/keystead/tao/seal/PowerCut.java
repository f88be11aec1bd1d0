package dev.keystead.tao.seal;

/** The power goes: nothing that follows happens, and nothing catches it. */
final class PowerCut extends Error {
  private static final long serialVersionUID = 1;
}
