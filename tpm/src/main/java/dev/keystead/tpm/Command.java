package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * A command as a value: it names its handles (and how they are authorized) and its parameters once.
 * Framing, sessions, encryption and retries are {@link Tpm#execute}'s business.
 *
 * @param <R> what the response says
 */
public interface Command<R> {
  /** Which command. */
  CommandCode code();

  /** The handle area in order; those that need authorization come first, as {@link Authorized}. */
  default List<CommandHandle> handles() {
    return List.of();
  }

  /** Writes the parameter area. */
  default void parameters(TpmWriter out) {}

  /** Reads the response whole: what is left over afterwards is an error. */
  R result(Response response);

  /** Whether success leaves the authorized entity with an empty authorization value. */
  default boolean clearsAuth() {
    return false;
  }

  /** What a command without response parameters results in. */
  enum Done {
    /** It succeeded. */
    DONE
  }

  /** A command without response parameters. */
  interface Action extends Command<Done> {
    @Override
    default Done result(Response response) {
      return Done.DONE;
    }
  }
}
