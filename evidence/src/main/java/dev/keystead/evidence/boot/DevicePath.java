package dev.keystead.evidence.boot;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/** EFI device paths as text, near to UEFI's own display form; for people only. */
final class DevicePath {
  private static final int MAX_NODES = 64;
  private static final int PNP_PCI_ROOT = 0x0a0341d0;
  private static final int PNP_PCIE_ROOT = 0x0a0841d0;

  private DevicePath() {}

  /** Reads nodes up to the end of the path; throws EvidenceException when they are malformed. */
  static String text(byte[] bytes) {
    LogReader in = new LogReader(bytes, "device path");
    StringBuilder text = new StringBuilder();
    for (int i = 0; in.remaining() > 0; i++) {
      int type = in.u8();
      int subtype = in.u8();
      int length = in.u16();
      if (length < 4 || i == MAX_NODES) {
        throw in.malformed("a node of %d bytes, or too many nodes".formatted(length));
      }
      byte[] body = in.bytes(length - 4L);
      if (type == 0x7f && subtype == 0xff) {
        break;
      }
      if (!text.isEmpty()) {
        text.append('/');
      }
      text.append(type == 0x7f ? "," : node(type, subtype, body));
    }
    return text.toString();
  }

  private static String node(int type, int subtype, byte[] body) {
    LogReader in = new LogReader(body, "device path node");
    return switch (type << 8 | subtype) {
      case 0x0101 -> {
        int function = in.u8();
        yield "Pci(0x%x,0x%x)".formatted(in.u8(), function);
      }
      case 0x0103 -> {
        long memory = in.u32();
        yield "MemoryMapped(%d,0x%x,0x%x)".formatted(memory, in.u64(), in.u64());
      }
      case 0x0104 -> "VenHw(" + in.guid() + ")";
      case 0x0201 -> acpi(in.i32(), in.u32());
      case 0x0305 -> "USB(0x%x,0x%x)".formatted(in.u8(), in.u8());
      case 0x030b -> "MAC(%s)".formatted(HexFormat.of().formatHex(in.bytes(6)));
      case 0x0312 -> "Sata(0x%x,0x%x,0x%x)".formatted(in.u16(), in.u16(), in.u16());
      case 0x0317 -> "NVMe(0x%x,%s)".formatted(in.u32(), HexFormat.of().formatHex(in.rest()));
      case 0x0401 -> hardDrive(in);
      case 0x0402 -> "CDROM(0x%x)".formatted(in.u32());
      case 0x0403 -> "VenMedia(" + in.guid() + ")";
      case 0x0404 -> filePath(body);
      case 0x0406 -> "FvFile(" + in.guid() + ")";
      case 0x0407 -> "Fv(" + in.guid() + ")";
      default -> "Path(%d,%d,%s)".formatted(type, subtype, HexFormat.of().formatHex(body));
    };
  }

  private static String acpi(int hid, long uid) {
    return switch (hid) {
      case PNP_PCI_ROOT -> "PciRoot(0x%x)".formatted(uid);
      case PNP_PCIE_ROOT -> "PcieRoot(0x%x)".formatted(uid);
      default -> "Acpi(0x%08x,0x%x)".formatted(hid, uid);
    };
  }

  private static String hardDrive(LogReader in) {
    long partition = in.u32();
    in.bytes(16);
    UUID signature = in.guid();
    int format = in.u8();
    return "HD(%d,%s,%s)".formatted(partition, format == 2 ? "GPT" : "MBR", signature);
  }

  private static String filePath(byte[] body) {
    return new String(body, StandardCharsets.UTF_16LE).replace("\0", "");
  }
}
