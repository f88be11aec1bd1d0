package dev.keystead.program;

import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A host's refusal on the wire, and back: a gRPC status, and the reason as one word in the trailer
 * {@code tao-reason} (docs/local-api.md). The exception's message stays with the host.
 */
public final class Refusals {
  /** The trailer that holds the reason. */
  public static final Metadata.Key<String> REASON =
      Metadata.Key.of("tao-reason", Metadata.ASCII_STRING_MARSHALLER);

  private Refusals() {}

  /** What goes to the caller. */
  public static StatusRuntimeException toStatus(Reason reason) {
    Metadata trailers = new Metadata();
    trailers.put(REASON, word(reason));
    return new StatusRuntimeException(status(reason).withDescription(words(reason)), trailers);
  }

  /**
   * What a caller makes of a failed call. A status without a reason is not the host's: the
   * connection is gone, or a limit of the transport was exceeded.
   */
  public static TaoException toException(StatusRuntimeException failed) {
    Reason reason = reason(failed).orElseGet(() -> transportReason(failed.getStatus()));
    return new TaoException(
        reason, words(reason) + " (" + failed.getStatus().getCode() + ")", failed);
  }

  private static Optional<Reason> reason(StatusRuntimeException failed) {
    Metadata trailers = failed.getTrailers();
    String word = trailers == null ? null : trailers.get(REASON);
    return Arrays.stream(Reason.values()).filter(r -> word(r).equals(word)).findFirst();
  }

  private static Reason transportReason(Status status) {
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED, INVALID_ARGUMENT, OUT_OF_RANGE -> Reason.INVALID;
      case PERMISSION_DENIED, UNAUTHENTICATED -> Reason.NOT_PERMITTED;
      case UNIMPLEMENTED -> Reason.UNSUPPORTED;
      default -> Reason.UNAVAILABLE;
    };
  }

  private static String word(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Status status(Reason reason) {
    return switch (reason) {
      case INVALID, RESERVED_CONTEXT -> Status.INVALID_ARGUMENT;
      case NOT_UNSEALED, NOT_STARTED -> Status.FAILED_PRECONDITION;
      case NOT_PERMITTED -> Status.PERMISSION_DENIED;
      case UNKNOWN_HANDLE -> Status.NOT_FOUND;
      case UNSUPPORTED -> Status.UNIMPLEMENTED;
      case UNAVAILABLE -> Status.UNAVAILABLE;
    };
  }

  private static String words(Reason reason) {
    return switch (reason) {
      case INVALID -> "the request breaks a stated limit or form";
      case RESERVED_CONTEXT -> "the context of the attestation is reserved for hosts";
      case NOT_UNSEALED -> "not unsealed";
      case NOT_PERMITTED -> "the caller may not do that here";
      case UNKNOWN_HANDLE -> "there is no such running program";
      case NOT_STARTED -> "the program cannot be measured or started as specified";
      case UNSUPPORTED -> "this kind of host cannot do that";
      case UNAVAILABLE -> "the host, or what it stands on, failed or cannot be reached";
    };
  }
}
