package dev.keystead.node.host;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.keystead.program.HostInfo;
import dev.keystead.program.ProgramStatus;
import dev.keystead.program.SpecMessages;
import dev.keystead.program.api.Ended;
import dev.keystead.program.api.GetHostInfoReply;
import dev.keystead.program.api.GetHostInfoRequest;
import dev.keystead.program.api.HostGrpc;
import dev.keystead.program.api.HostedProgram;
import dev.keystead.program.api.ListHostedProgramsReply;
import dev.keystead.program.api.ListHostedProgramsRequest;
import dev.keystead.program.api.ReadOutputReply;
import dev.keystead.program.api.ReadOutputRequest;
import dev.keystead.program.api.StartHostedProgramReply;
import dev.keystead.program.api.StartHostedProgramRequest;
import dev.keystead.program.api.StopHostedProgramReply;
import dev.keystead.program.api.StopHostedProgramRequest;
import dev.keystead.tao.Handle;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;

/** The service Host: for administrators, whom the kernel names, and in part for everybody. */
final class HostService extends HostGrpc.HostImplBase {
  private static final int MAX_GRACE_MILLIS = 60_000;

  private final HostInfo info;
  private final HostPrograms programs;
  private final Set<Integer> administrators;

  /**
   * Serves these programs.
   *
   * @param info without a program
   * @param administrators the users who may start and stop programs
   */
  HostService(HostInfo info, HostPrograms programs, Set<Integer> administrators) {
    this.info = info;
    this.programs = programs;
    this.administrators = Set.copyOf(administrators);
  }

  @Override
  public void getHostInfo(GetHostInfoRequest request, StreamObserver<GetHostInfoReply> caller) {
    Caller who = CallerContext.current();
    Answers.now(
        caller,
        () -> {
          GetHostInfoReply.Builder reply =
              GetHostInfoReply.newBuilder()
                  .setHostName(info.host().text())
                  .setPolicyKey(ByteString.copyFrom(info.policyKey().spki()));
          if (who instanceof Caller.Program program) {
            reply.setProgramName(
                info.host().child(program.tao().getHostedMeasurement().segment("program")).text());
          }
          return reply.build();
        });
  }

  @Override
  public void startHostedProgram(
      StartHostedProgramRequest request, StreamObserver<StartHostedProgramReply> caller) {
    asAdministrator(
        caller,
        () -> {
          Handle handle = programs.start(SpecMessages.spec(request.getSpec()));
          return StartHostedProgramReply.newBuilder().setHandle(handle.hex()).build();
        });
  }

  @Override
  public void listHostedPrograms(
      ListHostedProgramsRequest request, StreamObserver<ListHostedProgramsReply> caller) {
    asAdministrator(
        caller,
        () ->
            ListHostedProgramsReply.newBuilder()
                .addAllPrograms(programs.list().stream().map(HostService::message).toList())
                .build());
  }

  @Override
  public void stopHostedProgram(
      StopHostedProgramRequest request, StreamObserver<StopHostedProgramReply> caller) {
    asAdministrator(
        caller,
        () -> {
          int grace = request.getGraceMillis();
          if (grace < 0 || grace > MAX_GRACE_MILLIS) {
            throw new TaoException(Reason.INVALID, "the grace period is out of its limits");
          }
          ProgramStatus.Ended ended =
              programs.stop(new Handle(request.getHandle()), Duration.ofMillis(grace));
          return StopHostedProgramReply.newBuilder().setEnded(message(ended)).build();
        });
  }

  @Override
  public void readOutput(ReadOutputRequest request, StreamObserver<ReadOutputReply> caller) {
    asAdministrator(
        caller,
        () ->
            ReadOutputReply.newBuilder()
                .setOutput(
                    UnsafeByteOperations.unsafeWrap(
                        programs.output(new Handle(request.getHandle()))))
                .build());
  }

  private <T> void asAdministrator(StreamObserver<T> caller, Answers.Work<T> work) {
    Caller who = CallerContext.current();
    if (who instanceof Caller.User user && administrators.contains(user.uid())) {
      Answers.later(caller, work);
    } else {
      Answers.now(
          caller,
          () -> {
            throw new TaoException(Reason.NOT_PERMITTED, who.account() + " is no administrator");
          });
    }
  }

  private static HostedProgram message(ProgramStatus status) {
    HostedProgram.Builder message =
        HostedProgram.newBuilder()
            .setHandle(status.handle().hex())
            .setMeasurement(ByteString.copyFrom(status.measurement().bytes()))
            .setLabel(status.label())
            .setPid(status.pid())
            .setUid(status.uid())
            .setStarted(status.started().toEpochMilli());
    status.ended().ifPresent(ended -> message.setEnded(message(ended)));
    return message.build();
  }

  private static Ended message(ProgramStatus.Ended ended) {
    return Ended.newBuilder().setAt(ended.at().toEpochMilli()).setCode(ended.code()).build();
  }
}
