package dev.keystead.tao.host;

import dev.keystead.claims.Segment;
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
import dev.keystead.tao.seal.Caller;

/** What one running program has of its {@link SoftwareHost}, until it is closed. */
public final class HostView implements Tao, AutoCloseable {
  private final SoftwareHost host;
  private final Segment program;
  private final Measurement measurement;
  private final ProgramStarter starter;
  private volatile boolean closed;

  HostView(SoftwareHost host, Segment program, ProgramStarter starter) {
    this.host = host;
    this.program = program;
    this.measurement = Measurement.of(program.digest());
    this.starter = starter;
  }

  @Override
  public Handle startHostedProgram(ProgramSpec spec) throws TaoException {
    requireOpen();
    return starter.start(spec);
  }

  @Override
  public Measurement getHostedMeasurement() throws TaoException {
    requireOpen();
    return measurement;
  }

  @Override
  public Attestation attest(AttestRequest request) throws TaoException {
    requireOpen();
    return host.attest(program, request);
  }

  @Override
  public AttestCertificate getAttestCertificate() throws TaoException {
    requireOpen();
    return host.certificate();
  }

  @Override
  public SealedBlob seal(byte[] data, SealPolicy policy) throws TaoException {
    requireOpen();
    return host.sealer().seal(caller(), policy, data);
  }

  @Override
  public byte[] unseal(SealedBlob blob) throws TaoException {
    requireOpen();
    return host.sealer().unseal(caller(), blob);
  }

  @Override
  public SealedBlob sealFresh(String label, byte[] data, SealPolicy policy) throws TaoException {
    requireOpen();
    return host.fresh().seal(caller(), policy, label, data);
  }

  @Override
  public void confirmFresh(SealedBlob blob) throws TaoException {
    requireOpen();
    host.fresh().confirm(caller(), blob);
  }

  @Override
  public byte[] unsealFresh(SealedBlob blob) throws TaoException {
    requireOpen();
    return host.fresh().unseal(caller(), blob);
  }

  @Override
  public void endFresh(SealedBlob blob) throws TaoException {
    requireOpen();
    host.fresh().end(caller(), blob);
  }

  @Override
  public boolean hasFresh(String label, SealPolicy policy) throws TaoException {
    requireOpen();
    return host.fresh().has(caller(), policy, label);
  }

  @Override
  public byte[] getEntropy(int bits) throws TaoException {
    requireOpen();
    return host.entropy(bits);
  }

  /** The program with what is known about it. */
  private Caller caller() {
    return new Caller(measurement, host.settings().credentials().about(measurement));
  }

  private void requireOpen() throws TaoException {
    if (closed) {
      throw new TaoException(Reason.NOT_PERMITTED, "the program has ended");
    }
  }

  /** The program has ended: nothing is done for it any more. */
  @Override
  public void close() {
    closed = true;
  }
}
