/** Looking at evidence of real boots. */
@NullMarked
package dev.keystead.cli.evidence;

import org.jspecify.annotations.NullMarked;
