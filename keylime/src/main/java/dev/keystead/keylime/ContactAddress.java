package dev.keystead.keylime;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an agent or server can be spoken to: an IP literal or a DNS name, and a port. Nothing else
 * gets in, so that a registered address cannot smuggle a path, user or other part of a URL.
 *
 * @param host an IPv4 or IPv6 literal (without brackets or zone) or a DNS name
 * @param port 1 to 65535
 */
public record ContactAddress(String host, int port) {
  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern DECIMAL = Pattern.compile("[1-9][0-9]{0,4}");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern HEXTET = Pattern.compile("[0-9A-Fa-f]{1,4}");

  /** Checks both; throws {@link WireException}. */
  public ContactAddress {
    if (!isIpv6(host) && !isIpv4(host) && !isName(host)) {
      throw WireException.malformed("ip", "is no IP address and no DNS name");
    }
    if (port < 1 || port > 65535) {
      throw WireException.malformed("port", "is not between 1 and 65535");
    }
  }

  /** An address whose port is a number or its decimal text; both fields or neither. */
  public static Optional<ContactAddress> read(Fields fields, String ip, String port) {
    Optional<String> host = Message.nonEmpty(fields, ip, 253);
    Optional<Integer> number = fields.optional(port).map(ContactAddress::number);
    if (host.isPresent() != number.isPresent()) {
      throw WireException.malformed(ip, "and " + port + " go together");
    }
    return host.flatMap(h -> number.map(n -> new ContactAddress(h, n)));
  }

  private static int number(Field field) {
    if (field.value() instanceof Json.Str text) {
      if (!DECIMAL.matcher(text.value()).matches()) {
        throw WireException.malformed(field.path(), "is not a port");
      }
      return Integer.parseInt(text.value());
    }
    return field.integer(1, 65535);
  }

  /** {@code host:port}, an IPv6 literal in brackets: the authority of a URL. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public String toString() {
    return authority();
  }

  private static boolean isIpv4(String text) {
    if (text.length() > 15) {
      return false;
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      if (!NUMBER.matcher(part).matches() || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIpv6(String text) {
    if (text.length() > 45 || text.indexOf(':') < 0) {
      return false;
    }
    String rest = text;
    int lastColon = rest.lastIndexOf(':');
    String tail = rest.substring(lastColon + 1);
    if (tail.indexOf('.') >= 0) {
      if (!isIpv4(tail)) {
        return false;
      }
      rest = rest.substring(0, lastColon + 1) + "0:0";
    }
    int gap = rest.indexOf("::");
    if (gap >= 0 && rest.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    if (gap < 0) {
      return hextets(rest) == 8;
    }
    String before = rest.substring(0, gap);
    String after = rest.substring(gap + 2);
    int left = before.isEmpty() ? 0 : hextets(before);
    int right = after.isEmpty() ? 0 : hextets(after);
    return left >= 0 && right >= 0 && left + right <= 7;
  }

  private static int hextets(String text) {
    String[] parts = text.split(":", -1);
    for (String part : parts) {
      if (!HEXTET.matcher(part).matches()) {
        return -1;
      }
    }
    return parts.length;
  }

  private static boolean isName(String text) {
    if (text.isEmpty() || text.length() > 253) {
      return false;
    }
    String[] labels = text.split("\\.", -1);
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return false;
      }
    }
    // An all-numeric last label would be read as an odd spelling of an IPv4 address.
    return !labels[labels.length - 1].chars().allMatch(Character::isDigit);
  }
}
