/**
 * Quotes: what a TPM signed about its PCRs, and the one check that turns a {@link
 * dev.keystead.evidence.quote.Quote} into a {@link dev.keystead.evidence.quote.VerifiedQuote}.
 */
@NullMarked
package dev.keystead.evidence.quote;

import org.jspecify.annotations.NullMarked;
