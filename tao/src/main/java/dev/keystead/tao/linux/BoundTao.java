package dev.keystead.tao.linux;

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
import java.io.IOException;
import java.util.Arrays;

/**
 * What a program has of its host while it is itself: looks before each request, and again before
 * the answer, whether the process still executes what was measured.
 */
final class BoundTao implements Tao {
  /** Whether the process is what it was. */
  @FunctionalInterface
  interface Check {
    boolean holds() throws IOException;
  }

  private final Tao view;
  private final Check check;

  BoundTao(Tao view, Check check) {
    this.view = view;
    this.check = check;
  }

  @FunctionalInterface
  private interface Request<T> {
    T answer() throws TaoException;
  }

  private <T> T answered(Request<T> request) throws TaoException {
    requireItself();
    T answer = request.answer();
    requireItself();
    return answer;
  }

  private void requireItself() throws TaoException {
    boolean itself;
    try {
      itself = check.holds();
    } catch (IOException e) {
      throw new TaoException(
          Reason.UNAVAILABLE, "the kernel does not say what the program executes", e);
    }
    if (!itself) {
      throw new TaoException(
          Reason.NOT_PERMITTED, "the program has ended, or executes something else by now");
    }
  }

  @Override
  public Handle startHostedProgram(ProgramSpec spec) throws TaoException {
    return answered(() -> view.startHostedProgram(spec));
  }

  @Override
  public Measurement getHostedMeasurement() throws TaoException {
    return answered(view::getHostedMeasurement);
  }

  @Override
  public Attestation attest(AttestRequest request) throws TaoException {
    return answered(() -> view.attest(request));
  }

  @Override
  public AttestCertificate getAttestCertificate() throws TaoException {
    return answered(view::getAttestCertificate);
  }

  @Override
  public SealedBlob seal(byte[] data, SealPolicy policy) throws TaoException {
    return answered(() -> view.seal(data, policy));
  }

  @Override
  public byte[] unseal(SealedBlob blob) throws TaoException {
    return opened(() -> view.unseal(blob));
  }

  private byte[] opened(Request<byte[]> request) throws TaoException {
    requireItself();
    byte[] data = request.answer();
    try {
      requireItself();
    } catch (TaoException e) {
      Arrays.fill(data, (byte) 0);
      throw e;
    }
    return data;
  }

  @Override
  public SealedBlob sealFresh(String label, byte[] data, SealPolicy policy) throws TaoException {
    return answered(() -> view.sealFresh(label, data, policy));
  }

  @Override
  public void confirmFresh(SealedBlob blob) throws TaoException {
    requireItself();
    view.confirmFresh(blob);
  }

  @Override
  public byte[] unsealFresh(SealedBlob blob) throws TaoException {
    return opened(() -> view.unsealFresh(blob));
  }

  @Override
  public void endFresh(SealedBlob blob) throws TaoException {
    requireItself();
    view.endFresh(blob);
  }

  @Override
  public boolean hasFresh(String label, SealPolicy policy) throws TaoException {
    return answered(() -> view.hasFresh(label, policy));
  }

  @Override
  public byte[] getEntropy(int bits) throws TaoException {
    return answered(() -> view.getEntropy(bits));
  }
}
