/** Tests. */
@NullMarked
package dev.keystead.evidence.ima;

import org.jspecify.annotations.NullMarked;
