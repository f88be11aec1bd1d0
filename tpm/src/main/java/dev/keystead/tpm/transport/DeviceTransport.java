package dev.keystead.tpm.transport;

import dev.keystead.tpm.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A TPM behind a device node, usually /dev/tpmrm0: one write is a command, one read is its
 * response. The kernel's driver has its own time limits.
 */
public final class DeviceTransport implements Transport {
  private final FileChannel channel;

  /** Opens the device. */
  public DeviceTransport(Path device) throws IOException {
    channel = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public synchronized byte[] transmit(byte[] command) throws IOException {
    int written = channel.write(ByteBuffer.wrap(command));
    if (written != command.length) {
      throw broken("the device took " + written + " of " + command.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.allocate(MAX_SIZE);
    int size = channel.read(buffer);
    if (size < 0) {
      throw broken("the device answered nothing");
    }
    return Arrays.copyOf(buffer.array(), size);
  }

  private IOException broken(String message) throws IOException {
    channel.close();
    return new IOException(message);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
