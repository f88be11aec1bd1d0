/** Setting up a host: what its owner grants it, and what it keeps. */
@NullMarked
package dev.keystead.node.host.setup;

import org.jspecify.annotations.NullMarked;
