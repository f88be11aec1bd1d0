/** Tests. */
@NullMarked
package dev.keystead.evidence.pattern;

import org.jspecify.annotations.NullMarked;
