package dev.keystead.evidence.boot;

import dev.keystead.evidence.EvidenceException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * What an event says in one readable line. Nothing is decided by these words: they quote the log,
 * say when no digest covers them, and hold no character that could break out of a line.
 */
final class EventText {
  private static final int MAX_TEXT = 1024;
  private static final int MAX_HEX = 32;

  private EventText() {}

  static String of(BootEvent event) {
    String text = printable(describe(event));
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "..." : text;
  }

  private static String describe(BootEvent event) {
    try {
      return EventType.find(event.typeId())
          .map(type -> describe(type, event.data()))
          .orElseGet(() -> raw(event.data()));
    } catch (EvidenceException e) {
      return raw(event.data());
    }
  }

  private static String describe(EventType type, byte[] data) {
    return switch (type) {
      case EV_EFI_VARIABLE_DRIVER_CONFIG,
          EV_EFI_VARIABLE_AUTHORITY,
          EV_EFI_VARIABLE_BOOT,
          EV_EFI_VARIABLE_BOOT2 ->
          variable(EfiVariable.parse(data));
      case EV_EFI_BOOT_SERVICES_APPLICATION,
          EV_EFI_BOOT_SERVICES_DRIVER,
          EV_EFI_RUNTIME_SERVICES_DRIVER ->
          image(data);
      case EV_EFI_PLATFORM_FIRMWARE_BLOB -> blob(data);
      case EV_EFI_GPT_EVENT, EV_EFI_GPT_EVENT2 -> gpt(data);
      case EV_EVENT_TAG -> tagged(data);
      case EV_IPL -> text(data).orElseGet(() -> utf16(data).orElseGet(() -> raw(data)));
      case EV_SEPARATOR -> raw(data);
      default -> text(data).orElseGet(() -> raw(data));
    };
  }

  private static String variable(EfiVariable variable) {
    byte[] data = variable.data();
    if (variable.vendor().equals(EfiVariable.GLOBAL)
        && variable.name().matches("Boot[0-9A-F]{4}")) {
      return variable.name() + " " + loadOption(data);
    }
    boolean signatures =
        variable.name().equals("PK")
            || variable.name().equals("KEK")
            || variable.vendor().equals(EfiVariable.IMAGE_SECURITY);
    return variable.name() + " = " + (signatures ? data.length + " bytes" : raw(data));
  }

  /** EFI_LOAD_OPTION: attributes, length of the path, description, path. */
  private static String loadOption(byte[] data) {
    LogReader in = new LogReader(data, "load option");
    in.u32();
    int length = in.u16();
    StringBuilder description = new StringBuilder();
    for (int unit = in.u16(); unit != 0; unit = in.u16()) {
      description.append((char) unit);
    }
    return "\"%s\" %s".formatted(description, DevicePath.text(in.bytes(length)));
  }

  /** UEFI_IMAGE_LOAD_EVENT: address, length, link-time address, length of the path, path. */
  private static String image(byte[] data) {
    LogReader in = new LogReader(data, "image load");
    in.u64();
    long length = in.u64();
    in.u64();
    int path = in.size64(data.length, "a device path");
    return "%s, %s bytes".formatted(DevicePath.text(in.bytes(path)), Long.toUnsignedString(length));
  }

  private static String blob(byte[] data) {
    LogReader in = new LogReader(data, "firmware blob");
    String text = "firmware at 0x%x, %d bytes".formatted(in.u64(), in.u64());
    in.end();
    return text;
  }

  /** UEFI_GPT_DATA: the partition table header, a count and the partitions that are in use. */
  private static String gpt(byte[] data) {
    LogReader in = new LogReader(data, "GPT");
    in.bytes(56);
    UUID disk = in.guid();
    in.bytes(20);
    return "GPT %s, %d partitions".formatted(disk, in.size64(1024, "partitions"));
  }

  /** TCG_PCClientTaggedEvent. */
  private static String tagged(byte[] data) {
    LogReader in = new LogReader(data, "tagged event");
    int tag = in.i32();
    byte[] inside = in.bytes(in.u32());
    in.end();
    return "tag 0x%08x %s".formatted(tag, text(inside).orElseGet(() -> raw(inside)));
  }

  private static Optional<String> text(byte[] data) {
    int end = data.length;
    while (end > 0 && data[end - 1] == 0) {
      end--;
    }
    if (end == 0 && data.length > 0) {
      return Optional.empty();
    }
    byte[] text = Arrays.copyOf(data, end);
    for (byte b : text) {
      if (b == 0) {
        return Optional.empty();
      }
    }
    return decode(StandardCharsets.UTF_8, text);
  }

  private static Optional<String> utf16(byte[] data) {
    return decode(StandardCharsets.UTF_16LE, data).map(text -> text.replace("\0", ""));
  }

  private static Optional<String> decode(Charset charset, byte[] data) {
    try {
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(data)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String raw(byte[] data) {
    return data.length <= MAX_HEX
        ? HexFormat.of().formatHex(data)
        : "%s... (%d bytes)".formatted(HexFormat.of().formatHex(data, 0, MAX_HEX), data.length);
  }

  /** The text with everything but visible characters and plain spaces escaped. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .limit(MAX_TEXT + 1L)
        .forEach(c -> {
          boolean visible =
              c == ' '
                  || !(Character.isISOControl(c)
                      || Character.isSpaceChar(c)
                      || Character.getType(c) == Character.FORMAT
                      || Character.getType(c) == Character.SURROGATE
                      || Character.getType(c) == Character.PRIVATE_USE
                      || Character.getType(c) == Character.UNASSIGNED);
          if (visible) {
            out.appendCodePoint(c);
          } else {
            out.append("\\u{%x}".formatted(c));
          }
        });
    return out.toString();
  }
}
