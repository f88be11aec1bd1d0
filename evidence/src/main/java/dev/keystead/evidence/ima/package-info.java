/**
 * The measurement list of Linux IMA: reading it in either form, replaying it into PCR 10, checking
 * file signatures. What a policy says about its files is decided elsewhere.
 */
@NullMarked
package dev.keystead.evidence.ima;

import org.jspecify.annotations.NullMarked;
