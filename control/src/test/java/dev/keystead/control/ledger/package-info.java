@NullMarked
package dev.keystead.control.ledger;

import org.jspecify.annotations.NullMarked;
