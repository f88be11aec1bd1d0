package dev.keystead.tao.platform;

import dev.keystead.tpm.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sits on the bus to a TPM and keeps every byte. */
final class Tap implements Transport {
  private final Transport inner;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  Tap(Transport inner) {
    this.inner = inner;
  }

  @Override
  public byte[] transmit(byte[] command) throws IOException {
    seen.writeBytes(command);
    byte[] response = inner.transmit(command);
    seen.writeBytes(response);
    return response;
  }

  /** The bytes as characters, for searching. */
  String seen() {
    return seen.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
