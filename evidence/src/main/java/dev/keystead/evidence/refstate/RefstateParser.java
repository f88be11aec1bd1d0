package dev.keystead.evidence.refstate;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.pattern.LinearPattern;
import dev.keystead.evidence.pattern.PatternException;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmFormatException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads Keylime's JSON of the reference state. */
final class RefstateParser {
  private static final int MAX_ITEMS = 4096;
  private static final int MAX_PATTERN = 16 << 10;
  private static final Limits LIMITS = new Limits(16 << 20, 16, 1 << 18, 2 << 20, 32);

  private RefstateParser() {}

  static Refstate parse(byte[] json) {
    try {
      Fields top = Json.parseObject(json, LIMITS).fields("");
      boolean secureBoot = top.optionalBool("has_secureboot").orElse(true);
      return new Refstate(
          secureBoot,
          each(top.list("scrtm_and_bios", MAX_ITEMS), RefstateParser::firmware),
          keys(top.field("pk")),
          keys(top.field("kek")),
          keys(top.field("db")),
          keys(top.field("dbx")),
          top.optional("vendor_db").map(RefstateParser::keys),
          each(top.list("mokdig", MAX_ITEMS), RefstateParser::digests),
          each(top.list("mokxdig", MAX_ITEMS), RefstateParser::digests),
          each(top.list("kernels", MAX_ITEMS), kernel -> kernel(kernel, secureBoot)));
    } catch (JsonException | TpmFormatException | PatternException e) {
      throw new EvidenceException(
          Code.POLICY_UNUSABLE, "measured boot refstate", String.valueOf(e.getMessage()));
    }
  }

  private static <T> List<T> each(List<Field> fields, java.util.function.Function<Field, T> read) {
    List<T> values = new ArrayList<>();
    fields.forEach(field -> values.add(read.apply(field)));
    return List.copyOf(values);
  }

  private static Refstate.Firmware firmware(Field field) {
    Fields firmware = field.fields();
    return new Refstate.Firmware(
        digests(firmware.field("scrtm")),
        each(firmware.list("platform_firmware", MAX_ITEMS), RefstateParser::digests));
  }

  private static Refstate.Kernel kernel(Field field, boolean secureBoot) {
    Fields kernel = field.fields();
    String image = secureBoot ? "kernel_authcode_sha256" : "vmlinuz_plain_sha256";
    return new Refstate.Kernel(
        sha256(kernel.field("shim_authcode_sha256")),
        sha256(kernel.field("grub_authcode_sha256")),
        sha256(kernel.field(image)),
        sha256(kernel.field("initrd_plain_sha256")),
        LinearPattern.compile("kernel_cmdline: " + kernel.text("kernel_cmdline", MAX_PATTERN)));
  }

  private static Map<HashAlg, Digest> digests(Field field) {
    Map<HashAlg, Digest> digests = new EnumMap<>(HashAlg.class);
    Fields of = field.fields();
    for (String label : of.names()) {
      HashAlg alg =
          HashAlg.named(label).orElseThrow(() -> field.fault("a hash algorithm is not known"));
      digests.put(alg, Digest.of(alg, hex(of.field(label))));
    }
    if (digests.isEmpty()) {
      throw field.fault("expected a digest");
    }
    return Map.copyOf(digests);
  }

  private static Set<Refstate.Key> keys(Field field) {
    Set<Refstate.Key> keys = new HashSet<>();
    for (Field key : field.list(MAX_ITEMS)) {
      Fields of = key.fields();
      keys.add(
          new Refstate.Key(
              guid(of.field("SignatureOwner")),
              HexFormat.of().formatHex(hex(of.field("SignatureData")))));
    }
    return Set.copyOf(keys);
  }

  private static UUID guid(Field field) {
    String text = field.text(36);
    UUID guid;
    try {
      guid = UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw field.fault("expected a GUID");
    }
    if (!guid.toString().equalsIgnoreCase(text)) {
      throw field.fault("expected a GUID");
    }
    return guid;
  }

  private static Digest sha256(Field field) {
    return Digest.of(HashAlg.SHA256, hex(field));
  }

  /** {@code 0x} and lower-case hex digits. */
  private static byte[] hex(Field field) {
    String text = field.text();
    Optional<byte[]> bytes = Optional.empty();
    if (text.startsWith("0x") && text.length() > 2) {
      try {
        bytes = Optional.of(HexFormat.of().parseHex(text, 2, text.length()));
      } catch (IllegalArgumentException e) {
        throw field.fault("expected 0x and hex digits");
      }
    }
    return bytes
        .filter(value -> HexFormat.of().formatHex(value).equals(text.substring(2)))
        .orElseThrow(() -> field.fault("expected 0x and lower-case hex digits"));
  }
}
