package dev.keystead.control.verifier;

import java.util.Optional;

/**
 * A policy that the verifier keeps under a name for all nodes that use it.
 *
 * @param body JSON in UTF-8, as the owner sent it
 * @param signer the PEM public key that it is signed with
 */
record NamedPolicy(Kind kind, String name, byte[] body, Optional<String> signer) {
  /** What it judges. */
  enum Kind {
    /** Files: Keylime's allowlists. */
    RUNTIME("runtime", "runtime_policy"),
    /** The boot: Keylime's mbpolicies. */
    BOOT("boot", "boot_policy");

    private final String label;
    private final String column;

    Kind(String label, String column) {
      this.label = label;
      this.column = column;
    }

    String label() {
      return label;
    }

    /** The column of a node's row that names its policy of this kind. */
    String column() {
      return column;
    }
  }
}
