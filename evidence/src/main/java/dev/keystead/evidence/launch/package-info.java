/** The log of the programs that a host has started, and what may be in it. */
@NullMarked
package dev.keystead.evidence.launch;

import org.jspecify.annotations.NullMarked;
