/** The {@code ledger} verbs. */
@NullMarked
package dev.keystead.cli.ledger;

import org.jspecify.annotations.NullMarked;
