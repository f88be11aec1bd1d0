package dev.keystead.tpm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Keeps every byte that crosses between us and the TPM. */
final class Sniffer implements Transport {
  private final Transport inner;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  Sniffer(Transport inner) {
    this.inner = inner;
  }

  @Override
  public byte[] transmit(byte[] command) throws IOException {
    seen.writeBytes(command);
    byte[] response = inner.transmit(command);
    seen.writeBytes(response);
    return response;
  }

  boolean saw(byte[] secret) {
    byte[] bytes = seen.toByteArray();
    for (int i = 0; i + secret.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + secret.length, secret, 0, secret.length)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
