/** The host daemon: runs programs, and answers each of them about itself (docs/local-api.md). */
@NullMarked
package dev.keystead.node.host;

import org.jspecify.annotations.NullMarked;
