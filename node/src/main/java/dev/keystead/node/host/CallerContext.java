package dev.keystead.node.host;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Tells the services who made the connection that a call came through. */
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
    return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
  }
}
