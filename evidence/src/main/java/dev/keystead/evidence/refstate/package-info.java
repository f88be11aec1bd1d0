/**
 * Keylime's "example" measured-boot policy: its reference state as JSON, and the check of a boot
 * log against it. Stricter than Keylime's own where a digest can be asked instead of a label; see
 * docs/decisions/0002-boot-log-trust.md.
 */
@NullMarked
package dev.keystead.evidence.refstate;

import org.jspecify.annotations.NullMarked;
