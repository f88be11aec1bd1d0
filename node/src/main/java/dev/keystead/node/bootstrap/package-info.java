/** From posted shares to the bootstrap key. */
@NullMarked
package dev.keystead.node.bootstrap;

import org.jspecify.annotations.NullMarked;
