/**
 * Reference values of our own form: the PCR values of a boot that is known to be good, and the boot
 * events behind them, so that a difference can be named.
 */
@NullMarked
package dev.keystead.evidence.reference;

import org.jspecify.annotations.NullMarked;
