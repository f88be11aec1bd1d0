/** JSON as RFC 8259 defines it: strict, bounded, exact. */
@NullMarked
package dev.keystead.evidence.json;

import org.jspecify.annotations.NullMarked;
