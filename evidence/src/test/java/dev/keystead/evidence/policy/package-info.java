/** Tests. */
@NullMarked
package dev.keystead.evidence.policy;

import org.jspecify.annotations.NullMarked;
