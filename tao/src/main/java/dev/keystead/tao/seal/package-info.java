/** Sealed storage: blobs bound to program and host, their policies, and the defence of rollback. */
@NullMarked
package dev.keystead.tao.seal;

import org.jspecify.annotations.NullMarked;
