/** Tells the other nodes, and whoever else must know, that a node is not to be trusted. */
@NullMarked
package dev.keystead.control.revocation;

import org.jspecify.annotations.NullMarked;
