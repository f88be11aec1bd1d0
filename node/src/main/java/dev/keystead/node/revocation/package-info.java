/** News that another node is no longer trusted, and what is done about it. */
@NullMarked
package dev.keystead.node.revocation;

import org.jspecify.annotations.NullMarked;
