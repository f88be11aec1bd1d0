package dev.keystead.program;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.keystead.program.api.AttestReply;
import dev.keystead.program.api.ConfirmFreshRequest;
import dev.keystead.program.api.EndFreshRequest;
import dev.keystead.program.api.GetAttestCertificateRequest;
import dev.keystead.program.api.GetEntropyRequest;
import dev.keystead.program.api.GetHostedMeasurementRequest;
import dev.keystead.program.api.HasFreshRequest;
import dev.keystead.program.api.SealFreshRequest;
import dev.keystead.program.api.SealRequest;
import dev.keystead.program.api.StartHostedProgramRequest;
import dev.keystead.program.api.TaoGrpc;
import dev.keystead.program.api.UnsealFreshRequest;
import dev.keystead.program.api.UnsealRequest;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import io.grpc.StatusRuntimeException;
import java.util.function.Function;

/**
 * The host of the program that this code runs in, over the host's local API (docs/local-api.md).
 * Blocking, and safe for several threads, which share one connection.
 */
public final class HostedTao implements Tao, AutoCloseable {
  private final HostConnection connection;
  private final TaoGrpc.TaoBlockingStub stub;

  private HostedTao(HostConnection connection) {
    this.connection = connection;
    this.stub = TaoGrpc.newBlockingStub(connection.channel());
  }

  /**
   * The host that started this program, found by the environment variable {@value
   * TaoAddress#VARIABLE}.
   *
   * @throws TaoException UNAVAILABLE, when no host has started it
   */
  public static HostedTao ofEnvironment() throws TaoException {
    return at(TaoAddress.ofEnvironment());
  }

  /** The host at this address. It is connected to at the first call. */
  public static HostedTao at(TaoAddress address) {
    return new HostedTao(HostConnection.to(address));
  }

  @Override
  public Handle startHostedProgram(ProgramSpec spec) throws TaoException {
    return call(s ->
        new Handle(
            s.startHostedProgram(
                    StartHostedProgramRequest.newBuilder()
                        .setSpec(SpecMessages.message(spec))
                        .build())
                .getHandle()));
  }

  @Override
  public Measurement getHostedMeasurement() throws TaoException {
    return call(s ->
        Measurement.of(
            s.getHostedMeasurement(GetHostedMeasurementRequest.getDefaultInstance())
                .getMeasurement()
                .toByteArray()));
  }

  @Override
  public Attestation attest(AttestRequest request) throws TaoException {
    dev.keystead.program.api.AttestRequest.Builder message =
        dev.keystead.program.api.AttestRequest.newBuilder()
            .setContext(request.context())
            .setData(bytes(request.data()));
    request.nonce().ifPresent(nonce -> message.setNonce(bytes(nonce)));
    return call(s -> {
      AttestReply reply = s.attest(message.build());
      return new Attestation(reply.getAttestation().toByteArray());
    });
  }

  @Override
  public AttestCertificate getAttestCertificate() throws TaoException {
    return call(s ->
        new AttestCertificate(
            s.getAttestCertificate(GetAttestCertificateRequest.getDefaultInstance())
                .getCertificate()
                .toByteArray()));
  }

  @Override
  public SealedBlob seal(byte[] data, SealPolicy policy) throws TaoException {
    SealRequest request =
        SealRequest.newBuilder()
            .setData(bytes(data))
            .setPolicy(PolicyMessages.message(policy))
            .build();
    return call(s -> new SealedBlob(s.seal(request).getSealedBlob().toByteArray()));
  }

  @Override
  public byte[] unseal(SealedBlob blob) throws TaoException {
    UnsealRequest request = UnsealRequest.newBuilder().setSealedBlob(bytes(blob.bytes())).build();
    return call(s -> s.unseal(request).getData().toByteArray());
  }

  @Override
  public SealedBlob sealFresh(String label, byte[] data, SealPolicy policy) throws TaoException {
    SealFreshRequest request =
        SealFreshRequest.newBuilder()
            .setLabel(label)
            .setData(bytes(data))
            .setPolicy(PolicyMessages.message(policy))
            .build();
    return call(s -> new SealedBlob(s.sealFresh(request).getSealedBlob().toByteArray()));
  }

  @Override
  public void confirmFresh(SealedBlob blob) throws TaoException {
    ConfirmFreshRequest request =
        ConfirmFreshRequest.newBuilder().setSealedBlob(bytes(blob.bytes())).build();
    call(s -> s.confirmFresh(request));
  }

  @Override
  public byte[] unsealFresh(SealedBlob blob) throws TaoException {
    UnsealFreshRequest request =
        UnsealFreshRequest.newBuilder().setSealedBlob(bytes(blob.bytes())).build();
    return call(s -> s.unsealFresh(request).getData().toByteArray());
  }

  @Override
  public void endFresh(SealedBlob blob) throws TaoException {
    EndFreshRequest request =
        EndFreshRequest.newBuilder().setSealedBlob(bytes(blob.bytes())).build();
    call(s -> s.endFresh(request));
  }

  @Override
  public boolean hasFresh(String label, SealPolicy policy) throws TaoException {
    HasFreshRequest request =
        HasFreshRequest.newBuilder()
            .setLabel(label)
            .setPolicy(PolicyMessages.message(policy))
            .build();
    return call(s -> s.hasFresh(request).getHas());
  }

  @Override
  public byte[] getEntropy(int bits) throws TaoException {
    return call(s ->
        s.getEntropy(GetEntropyRequest.newBuilder().setBits(bits).build())
            .getEntropy()
            .toByteArray());
  }

  @Override
  public void close() {
    connection.close();
  }

  /** A host that answers with what can't be an answer has failed. */
  private <T> T call(Function<TaoGrpc.TaoBlockingStub, T> call) throws TaoException {
    try {
      return call.apply(stub);
    } catch (StatusRuntimeException e) {
      throw Refusals.toException(e);
    } catch (IllegalArgumentException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the host's answer is none: " + e.getMessage(), e);
    }
  }

  /** Wraps without a copy: the caller's array is not changed before the call has returned. */
  private static ByteString bytes(byte[] array) {
    return UnsafeByteOperations.unsafeWrap(array);
  }
}
