package dev.keystead.node.host;

import dev.keystead.tao.Tao;

/** Who made a connection, as the kernel knows it. */
sealed interface Caller {
  /** What connections are counted by. */
  Object account();

  /**
   * A program that this host runs.
   *
   * @param account the same for all its connections
   * @param tao what it has of the host, bound to it
   */
  record Program(Object account, Tao tao) implements Caller {}

  /** Any other process, by its user. */
  record User(int uid) implements Caller {
    @Override
    public Object account() {
      return uid;
    }
  }
}
