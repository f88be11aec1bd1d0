/** The commands of TPM 2.0 Part 3, one record each. */
@NullMarked
package dev.keystead.tpm.command;

import org.jspecify.annotations.NullMarked;
