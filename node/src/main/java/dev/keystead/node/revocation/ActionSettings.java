package dev.keystead.node.revocation;

import dev.keystead.keylime.ContactAddress;
import dev.keystead.node.payload.PayloadSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is run when another node is revoked.
 *
 * @param names plain names of actions, run before those of the payload's action_list
 * @param directory where actions are looked up first
 * @param fromPayload whether actions that the payload delivered may run
 * @param time after which an action is killed
 * @param fresh how far the event's time may be from ours; Keylime writes local time without a zone,
 *     so less than a day refuses verifiers of other zones
 * @param publisher a verifier's ZeroMQ socket, to which the agent listens beside its own port
 */
public record ActionSettings(
    List<String> names,
    Optional<Path> directory,
    boolean fromPayload,
    Duration time,
    Duration fresh,
    Optional<ContactAddress> publisher) {
  /** Actions come from the payload alone, and end within a minute. */
  public static final ActionSettings DEFAULT =
      new ActionSettings(
          List.of(), Optional.empty(), true, Duration.ofMinutes(1), Duration.ofHours(27));

  /** Listens to no publisher. */
  public ActionSettings(
      List<String> names,
      Optional<Path> directory,
      boolean fromPayload,
      Duration time,
      Duration fresh) {
    this(names, directory, fromPayload, time, fresh, Optional.empty());
  }

  /** Requires plain names. */
  public ActionSettings {
    names = List.copyOf(names);
    names.forEach(PayloadSettings::requirePlain);
  }

  /** The same, listening to a publisher. */
  public ActionSettings hearing(ContactAddress where) {
    return new ActionSettings(names, directory, fromPayload, time, fresh, Optional.of(where));
  }
}
