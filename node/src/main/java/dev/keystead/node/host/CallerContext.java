package dev.keystead.node.host;

import dev.keystead.program.Refusals;
import dev.keystead.tao.TaoException.Reason;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the services who made the connection that a call came through, and refuses requests that
 * are no messages.
 */
final class CallerContext implements ServerInterceptor {
  private static final Context.Key<Caller> CALLER = Context.key("dev.keystead.caller");

  /** Who calls; only where a call begins, not on threads that it goes on to. */
  static Caller current() {
    return CALLER.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Caller caller = call.getAttributes().get(CallerNegotiator.CALLER);
    return new Whole<>(
        call,
        Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next));
  }

  private static final class Whole<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private boolean refused;

    Whole(ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(@Nullable Q message) {
      if (message == null) {
        refused = true;
        StatusRuntimeException refusal = Refusals.toStatus(Reason.INVALID);
        Metadata trailers = refusal.getTrailers();
        call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      } else {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }
  }
}
