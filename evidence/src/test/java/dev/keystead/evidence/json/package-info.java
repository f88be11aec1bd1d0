/** Tests. */
@NullMarked
package dev.keystead.evidence.json;

import org.jspecify.annotations.NullMarked;
