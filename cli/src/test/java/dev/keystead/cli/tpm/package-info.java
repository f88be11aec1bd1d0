/** The {@code tpm} verbs. */
@NullMarked
package dev.keystead.cli.tpm;

import org.jspecify.annotations.NullMarked;
