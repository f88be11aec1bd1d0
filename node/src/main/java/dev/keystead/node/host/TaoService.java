package dev.keystead.node.host;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.keystead.program.PolicyMessages;
import dev.keystead.program.SpecMessages;
import dev.keystead.program.api.AttestReply;
import dev.keystead.program.api.AttestRequest;
import dev.keystead.program.api.ConfirmFreshReply;
import dev.keystead.program.api.ConfirmFreshRequest;
import dev.keystead.program.api.EndFreshReply;
import dev.keystead.program.api.EndFreshRequest;
import dev.keystead.program.api.GetAttestCertificateReply;
import dev.keystead.program.api.GetAttestCertificateRequest;
import dev.keystead.program.api.GetEntropyReply;
import dev.keystead.program.api.GetEntropyRequest;
import dev.keystead.program.api.GetHostedMeasurementReply;
import dev.keystead.program.api.GetHostedMeasurementRequest;
import dev.keystead.program.api.HasFreshReply;
import dev.keystead.program.api.HasFreshRequest;
import dev.keystead.program.api.SealFreshReply;
import dev.keystead.program.api.SealFreshRequest;
import dev.keystead.program.api.SealReply;
import dev.keystead.program.api.SealRequest;
import dev.keystead.program.api.StartHostedProgramReply;
import dev.keystead.program.api.StartHostedProgramRequest;
import dev.keystead.program.api.TaoGrpc;
import dev.keystead.program.api.UnsealFreshReply;
import dev.keystead.program.api.UnsealFreshRequest;
import dev.keystead.program.api.UnsealReply;
import dev.keystead.program.api.UnsealRequest;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** The service Tao: each call goes to the {@link Tao} that is bound to its caller. */
final class TaoService extends TaoGrpc.TaoImplBase {
  /** Up to so many bytes are sealed and unsealed on the event loop: it takes some microseconds. */
  private static final int SMALL = 4096;

  /** What is asked of a caller's Tao. */
  @FunctionalInterface
  private interface Question<T> {
    T ask(Tao tao) throws TaoException;
  }

  @Override
  public void startHostedProgram(
      StartHostedProgramRequest request, StreamObserver<StartHostedProgramReply> caller) {
    later(
        caller,
        tao ->
            StartHostedProgramReply.newBuilder()
                .setHandle(tao.startHostedProgram(SpecMessages.spec(request.getSpec())).hex())
                .build());
  }

  @Override
  public void getHostedMeasurement(
      GetHostedMeasurementRequest request, StreamObserver<GetHostedMeasurementReply> caller) {
    now(
        caller,
        tao ->
            GetHostedMeasurementReply.newBuilder()
                .setMeasurement(bytes(tao.getHostedMeasurement().bytes()))
                .build());
  }

  @Override
  public void attest(AttestRequest request, StreamObserver<AttestReply> caller) {
    var asked =
        new dev.keystead.tao.AttestRequest(
            request.getContext().isEmpty()
                ? dev.keystead.tao.AttestRequest.DATA
                : request.getContext(),
            request.getData().toByteArray(),
            request.getNonce().isEmpty()
                ? Optional.empty()
                : Optional.of(request.getNonce().toByteArray()));
    later(
        caller,
        tao -> AttestReply.newBuilder().setAttestation(bytes(tao.attest(asked).bytes())).build());
  }

  @Override
  public void getAttestCertificate(
      GetAttestCertificateRequest request, StreamObserver<GetAttestCertificateReply> caller) {
    later(
        caller,
        tao ->
            GetAttestCertificateReply.newBuilder()
                .setCertificate(bytes(tao.getAttestCertificate().bytes()))
                .build());
  }

  @Override
  public void seal(SealRequest request, StreamObserver<SealReply> caller) {
    Question<SealReply> question =
        tao ->
            SealReply.newBuilder()
                .setSealedBlob(
                    bytes(
                        tao.seal(
                                request.getData().toByteArray(),
                                PolicyMessages.policy(request.getPolicy()))
                            .bytes()))
                .build();
    bySize(request.getData(), caller, question);
  }

  @Override
  public void unseal(UnsealRequest request, StreamObserver<UnsealReply> caller) {
    bySize(
        request.getSealedBlob(),
        caller,
        tao ->
            UnsealReply.newBuilder()
                .setData(bytes(tao.unseal(blob(request.getSealedBlob()))))
                .build());
  }

  @Override
  public void sealFresh(SealFreshRequest request, StreamObserver<SealFreshReply> caller) {
    later(
        caller,
        tao ->
            SealFreshReply.newBuilder()
                .setSealedBlob(
                    bytes(
                        tao.sealFresh(
                                request.getLabel(),
                                request.getData().toByteArray(),
                                PolicyMessages.policy(request.getPolicy()))
                            .bytes()))
                .build());
  }

  @Override
  public void confirmFresh(ConfirmFreshRequest request, StreamObserver<ConfirmFreshReply> caller) {
    later(
        caller,
        tao -> {
          tao.confirmFresh(blob(request.getSealedBlob()));
          return ConfirmFreshReply.getDefaultInstance();
        });
  }

  @Override
  public void unsealFresh(UnsealFreshRequest request, StreamObserver<UnsealFreshReply> caller) {
    later(
        caller,
        tao ->
            UnsealFreshReply.newBuilder()
                .setData(bytes(tao.unsealFresh(blob(request.getSealedBlob()))))
                .build());
  }

  @Override
  public void endFresh(EndFreshRequest request, StreamObserver<EndFreshReply> caller) {
    later(
        caller,
        tao -> {
          tao.endFresh(blob(request.getSealedBlob()));
          return EndFreshReply.getDefaultInstance();
        });
  }

  @Override
  public void hasFresh(HasFreshRequest request, StreamObserver<HasFreshReply> caller) {
    later(
        caller,
        tao ->
            HasFreshReply.newBuilder()
                .setHas(
                    tao.hasFresh(request.getLabel(), PolicyMessages.policy(request.getPolicy())))
                .build());
  }

  @Override
  public void getEntropy(GetEntropyRequest request, StreamObserver<GetEntropyReply> caller) {
    now(
        caller,
        tao ->
            GetEntropyReply.newBuilder()
                .setEntropy(bytes(tao.getEntropy(request.getBits())))
                .build());
  }

  /** What has not even a blob's size is refused like any other that does not unseal. */
  private static SealedBlob blob(ByteString bytes) throws TaoException {
    if (bytes.isEmpty() || bytes.size() > SealedBlob.MAX_SIZE) {
      throw new TaoException(Reason.NOT_UNSEALED, "no blob has this size");
    }
    return new SealedBlob(bytes.toByteArray());
  }

  private static <T> void bySize(ByteString input, StreamObserver<T> caller, Question<T> question) {
    if (input.size() <= SMALL) {
      now(caller, question);
    } else {
      later(caller, question);
    }
  }

  private static <T> void now(StreamObserver<T> caller, Question<T> question) {
    Caller who = CallerContext.current();
    Answers.now(caller, () -> question.ask(tao(who)));
  }

  private static <T> void later(StreamObserver<T> caller, Question<T> question) {
    Caller who = CallerContext.current();
    Answers.later(caller, () -> question.ask(tao(who)));
  }

  private static Tao tao(Caller caller) throws TaoException {
    return switch (caller) {
      case Caller.Program program -> program.tao();
      case Caller.User user ->
          throw new TaoException(Reason.NOT_PERMITTED, "user " + user.uid() + " is no program");
    };
  }

  private static ByteString bytes(byte[] own) {
    return UnsafeByteOperations.unsafeWrap(own);
  }
}
