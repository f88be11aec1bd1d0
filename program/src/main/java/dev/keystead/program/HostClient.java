package dev.keystead.program;

import dev.keystead.claims.TaoName;
import dev.keystead.program.api.GetHostInfoReply;
import dev.keystead.program.api.GetHostInfoRequest;
import dev.keystead.program.api.HostGrpc;
import dev.keystead.program.api.HostedProgram;
import dev.keystead.program.api.ListHostedProgramsRequest;
import dev.keystead.program.api.ReadOutputRequest;
import dev.keystead.program.api.StartHostedProgramRequest;
import dev.keystead.program.api.StopHostedProgramRequest;
import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What an administrator, and in part everybody, asks a host (docs/local-api.md). Blocking. */
public final class HostClient implements AutoCloseable {
  private final HostConnection connection;
  private final HostGrpc.HostBlockingStub stub;

  private HostClient(HostConnection connection) {
    this.connection = connection;
    this.stub = HostGrpc.newBlockingStub(connection.channel());
  }

  /** The host at this address. It is connected to at the first call. */
  public static HostClient at(TaoAddress address) {
    return new HostClient(HostConnection.to(address));
  }

  /** Who the host is; everybody may ask. */
  public HostInfo info() throws TaoException {
    return call(() -> {
      GetHostInfoReply reply = stub.getHostInfo(GetHostInfoRequest.getDefaultInstance());
      return new HostInfo(
          TaoName.parse(reply.getHostName()),
          Optional.of(reply.getProgramName()).filter(name -> !name.isEmpty()).map(TaoName::parse),
          PolicyKey.of(reply.getPolicyKey().toByteArray()));
    });
  }

  /** Measures a program and starts it. */
  public Handle start(ProgramSpec spec) throws TaoException {
    return call(() ->
        new Handle(
            stub.startHostedProgram(
                    StartHostedProgramRequest.newBuilder()
                        .setSpec(SpecMessages.message(spec))
                        .build())
                .getHandle()));
  }

  /** The programs that run, and the last that have ended, oldest first. */
  public List<ProgramStatus> list() throws TaoException {
    return call(() ->
        stub
            .listHostedPrograms(ListHostedProgramsRequest.getDefaultInstance())
            .getProgramsList()
            .stream()
            .map(HostClient::status)
            .toList());
  }

  /**
   * Ends a program and waits for its end.
   *
   * @param grace how long it has after SIGTERM, at most a minute
   */
  public ProgramStatus.Ended stop(Handle handle, Duration grace) throws TaoException {
    StopHostedProgramRequest request =
        StopHostedProgramRequest.newBuilder()
            .setHandle(handle.hex())
            .setGraceMillis(Math.toIntExact(grace.toMillis()))
            .build();
    return call(() -> ended(stub.stopHostedProgram(request).getEnded()));
  }

  /** The last that a program wrote, at most 64 KiB. */
  public byte[] output(Handle handle) throws TaoException {
    ReadOutputRequest request = ReadOutputRequest.newBuilder().setHandle(handle.hex()).build();
    return call(() -> stub.readOutput(request).getOutput().toByteArray());
  }

  @Override
  public void close() {
    connection.close();
  }

  private static ProgramStatus status(HostedProgram program) {
    return new ProgramStatus(
        new Handle(program.getHandle()),
        Measurement.of(program.getMeasurement().toByteArray()),
        program.getLabel(),
        program.getPid(),
        program.getUid(),
        Instant.ofEpochMilli(program.getStarted()),
        program.hasEnded() ? Optional.of(ended(program.getEnded())) : Optional.empty());
  }

  private static ProgramStatus.Ended ended(dev.keystead.program.api.Ended message) {
    return new ProgramStatus.Ended(Instant.ofEpochMilli(message.getAt()), message.getCode());
  }

  private static <T> T call(Supplier<T> call) throws TaoException {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw Refusals.toException(e);
    } catch (IllegalArgumentException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the host's answer is none: " + e.getMessage(), e);
    }
  }
}
