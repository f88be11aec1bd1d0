package dev.keystead.lab.peers;

import java.nio.file.Path;

/**
 * Where a control plane answers, whoever made it.
 *
 * @param work the folder in which cv_ca is
 * @param registration the registrar's port for plain HTTP
 * @param registrar the registrar's port for TLS
 * @param verifier the verifier's port
 */
record Places(Path work, int registration, int registrar, int verifier) {
  /** The folder with the authority's and the owner's certificate. */
  Path identity() {
    return work.resolve("cv_ca");
  }
}
