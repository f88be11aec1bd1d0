/** The agent: evidence out, keys in. */
@NullMarked
package dev.keystead.node;

import org.jspecify.annotations.NullMarked;
