/** Verbs that serve until they are stopped: registrar, verifier, agent and the IMA emulator. */
@NullMarked
package dev.keystead.cli.server;

import org.jspecify.annotations.NullMarked;
