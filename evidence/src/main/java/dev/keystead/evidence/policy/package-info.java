/**
 * What an owner accepts: files by digest or signature, PCRs by value; and envelopes that sign it.
 */
@NullMarked
package dev.keystead.evidence.policy;

import org.jspecify.annotations.NullMarked;
