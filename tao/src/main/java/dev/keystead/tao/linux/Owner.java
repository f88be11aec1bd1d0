package dev.keystead.tao.linux;

import dev.keystead.tao.Handle;

/** Who starts programs. */
public sealed interface Owner {
  /** Whoever runs the host: it may do all that the host can do, with every program. */
  record Administrator() implements Owner {}

  /** A hosted program: it starts programs as itself, and knows those alone. */
  record Program(Handle handle) implements Owner {}
}
