/**
 * The TCG boot log (PC Client Platform Firmware Profile, section 10): read whole, replayed to PCR
 * values, and interpreted only where an event's digests cover its data. See
 * docs/decisions/0002-boot-log-trust.md.
 */
@NullMarked
package dev.keystead.evidence.boot;

import org.jspecify.annotations.NullMarked;
