/** Tests of the host daemon, with real TPMs and real processes. */
@NullMarked
package dev.keystead.node.host;

import org.jspecify.annotations.NullMarked;
