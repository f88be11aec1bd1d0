/**
 * Keylime's own servers, tenant and agent beside ours. scripts/peers.sh installs them; they run as
 * processes, on loopback, with real TPM emulators.
 */
@NullMarked
package dev.keystead.lab.peers;

import org.jspecify.annotations.NullMarked;
