/** A machine that is started anew, with a TPM that is a process of its own. */
@NullMarked
package dev.keystead.lab.reboot;

import org.jspecify.annotations.NullMarked;
