package dev.keystead.node;

/** Hears what an agent does, on the thread that does it: it returns soon and throws nothing. */
@FunctionalInterface
public interface AgentListener {
  /** Hears one event. */
  void on(AgentEvent event);

  /** Nobody listens. */
  static AgentListener none() {
    return _ -> {};
  }
}
