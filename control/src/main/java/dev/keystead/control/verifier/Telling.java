package dev.keystead.control.verifier;

import dev.keystead.control.ControlEvent;
import dev.keystead.keylime.verifier.OperationalState;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Shows what a node is, and tells whoever listens what was done. */
final class Telling {
  private static final System.Logger LOG = System.getLogger(Telling.class.getName());

  private final InstantSource clock;
  private final Consumer<ControlEvent> events;

  Telling(InstantSource clock, Consumer<ControlEvent> events) {
    this.clock = clock;
    this.events = events;
  }

  /** What the owner sees of a node from now on. */
  void show(Node node, NodeState next) {
    OperationalState from = node.state.state();
    node.state = next;
    if (from != next.state()) {
      tell(new ControlEvent.StateChanged(clock.instant(), node.id(), from, next.state()));
    }
  }

  /** A listener that fails changes nothing. */
  void tell(ControlEvent event) {
    try {
      events.accept(event);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a listener failed", e);
    }
  }
}
