package dev.keystead.cli.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An address with a port, as a person writes it: {@code 127.0.0.1:8890}, {@code [::1]:8890}, {@code
 * registrar.example:8890}.
 */
public record HostPort(String host, int port) {
  /** Parses it; throws {@link IllegalArgumentException} for anything else. */
  static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException("'%s' is not HOST:PORT".formatted(text));
    }
    return new HostPort(host, Integer.parseInt(port));
  }

  /** To listen on; the host must be an address, not a name. */
  public InetSocketAddress literal() {
    return new InetSocketAddress(address(), port);
  }

  InetAddress address() {
    return InetAddress.ofLiteral(host);
  }

  /** For picocli. */
  public static final class Converter implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** For picocli: an address to listen on. */
  public static final class Local implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String text) {
      try {
        HostPort local = parse(text);
        var _ = local.address();
        return local;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'%s' is not an address to listen on, such as 127.0.0.1:8890".formatted(text));
      }
    }
  }
}
