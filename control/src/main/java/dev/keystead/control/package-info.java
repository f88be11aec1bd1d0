/** Registrar, verifier, revocation, ledger, store. */
@NullMarked
package dev.keystead.control;

import org.jspecify.annotations.NullMarked;
