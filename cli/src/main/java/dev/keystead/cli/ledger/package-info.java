/** {@code keystead ledger …}: what was decided, and that the record is whole. */
@NullMarked
package dev.keystead.cli.ledger;

import org.jspecify.annotations.NullMarked;
