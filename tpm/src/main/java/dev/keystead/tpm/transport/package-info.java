/** Ways to reach a TPM: a device node, swtpm over a socket, libtpms in this process. */
@NullMarked
package dev.keystead.tpm.transport;

import org.jspecify.annotations.NullMarked;
