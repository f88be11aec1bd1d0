/** Is this evidence good? Pure functions over bytes. */
@NullMarked
package dev.keystead.evidence;

import org.jspecify.annotations.NullMarked;
