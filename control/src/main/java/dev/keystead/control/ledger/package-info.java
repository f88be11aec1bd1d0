/** Decisions, in the order in which they were made, each bound to all before it. */
@NullMarked
package dev.keystead.control.ledger;

import org.jspecify.annotations.NullMarked;
