package dev.keystead.tpm.transport;

import dev.keystead.tpm.ResponseCode;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmResponseException;
import dev.keystead.tpm.Transport;
import dev.keystead.tpm.command.Lifecycle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Where a TPM is, as configuration and command line write it, and as it is shown. */
public sealed interface TpmAddress {
  /** A device node: {@code device:/dev/tpmrm0}. */
  record Device(Path path) implements TpmAddress {
    @Override
    public String toString() {
      return "device:" + path;
    }
  }

  /** swtpm's data channel over TCP: {@code swtpm:127.0.0.1:2321}. */
  record SwtpmTcp(String host, int port) implements TpmAddress {
    @Override
    public String toString() {
      return "swtpm:" + host + ":" + port;
    }
  }

  /** swtpm's data channel over a Unix socket: {@code unix:/run/tpm.sock}. */
  record SwtpmUnix(Path path) implements TpmAddress {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** A TPM in this process with its state in a directory: {@code embedded:/var/lib/tpm}. */
  record Embedded(Path directory) implements TpmAddress {
    @Override
    public String toString() {
      return "embedded:" + directory;
    }
  }

  /** Parses one of the four forms; throws {@link IllegalArgumentException} for anything else. */
  static TpmAddress parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    if (rest.isEmpty()) {
      kind = "";
    }
    return switch (kind) {
      case "device" -> new Device(Path.of(rest));
      case "swtpm" -> tcp(rest, text);
      case "unix" -> new SwtpmUnix(Path.of(rest));
      case "embedded" -> new Embedded(Path.of(rest));
      default -> throw malformed(text);
    };
  }

  private static TpmAddress tcp(String rest, String text) {
    int colon = rest.lastIndexOf(':');
    String port = rest.substring(colon + 1);
    if (colon <= 0 || !port.matches("[0-9]{1,5}")) {
      throw malformed(text);
    }
    int number = Integer.parseInt(port);
    if (number == 0 || number > 0xffff) {
      throw malformed(text);
    }
    return new SwtpmTcp(rest.substring(0, colon), number);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is not a TPM's address: device:PATH, swtpm:HOST:PORT, unix:PATH or embedded:DIRECTORY");
  }

  /** Opens a transport to it. */
  default Transport connect() throws IOException {
    return switch (this) {
      case Device(Path path) -> new DeviceTransport(path);
      case SwtpmTcp(String host, int port) ->
          SwtpmTransport.tcp(new InetSocketAddress(host, port), SwtpmTransport.TIMEOUT);
      case SwtpmUnix(Path path) -> SwtpmTransport.unix(path, SwtpmTransport.TIMEOUT);
      case Embedded(Path directory) -> new LibtpmsTransport(directory);
    };
  }

  /**
   * Opens the TPM and starts it, unless the machine has started it already. swtpm serves one client
   * at a time and has no resource manager: what a client that died has left in it is removed, or
   * there would soon be no room.
   */
  default Tpm open() throws TpmException {
    Tpm tpm;
    try {
      tpm = new Tpm(connect());
    } catch (IOException e) {
      throw new TpmException("the TPM at " + this + " cannot be opened: " + e.getMessage(), e);
    }
    try {
      start(tpm);
      switch (this) {
        case SwtpmTcp _, SwtpmUnix _ -> Leftovers.remove(tpm);
        case Device _, Embedded _ -> {}
      }
    } catch (TpmException e) {
      tpm.close();
      throw e;
    }
    return tpm;
  }

  private static void start(Tpm tpm) throws TpmException {
    try {
      tpm.execute(new Lifecycle.Startup());
    } catch (TpmResponseException e) {
      if (!e.code().is(ResponseCode.INITIALIZE)) {
        throw e;
      }
    }
  }
}
