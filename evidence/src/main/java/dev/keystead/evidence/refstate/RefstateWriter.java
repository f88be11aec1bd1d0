package dev.keystead.evidence.refstate;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.boot.BootEvent;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.BootState;
import dev.keystead.evidence.boot.EfiVariable;
import dev.keystead.evidence.boot.EventType;
import dev.keystead.evidence.boot.GrubText;
import dev.keystead.evidence.boot.SecureBoot;
import dev.keystead.evidence.boot.SignatureList;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Makes Keylime's reference state from the log of a boot that is known to be good. That it is good
 * is the owner's word; the log has to be one that means something: its digests fit its events.
 */
public final class RefstateWriter {
  private static final int OWNER = 16;

  /** What firmware starts out of itself, such as its menu: there are no reference values for it. */
  private static final Pattern FIRMWARE_APPLICATION =
      Pattern.compile("Fv\\([0-9a-f-]{36}\\)/FvFile\\([0-9a-f-]{36}\\).*");

  private final List<BootEvent> events;
  private final boolean secureBoot;

  private RefstateWriter(BootLog log) {
    BootState state = BootState.of(log);
    if (!state.findings().isEmpty()) {
      throw new EvidenceException(state.findings().getFirst());
    }
    this.events = log.events();
    this.secureBoot = state.secureBoot() == SecureBoot.ON;
  }

  /**
   * The reference state.
   *
   * @param withoutSecureBoot whether the owner knows that Secure Boot was off
   * @throws EvidenceException with POLICY_UNUSABLE when Secure Boot was off and the owner did not
   *     say so, or the log lacks a part of the boot; BOOT_EVENT_MISMATCH when an event does not fit
   *     its digest
   */
  public static Json.Obj write(BootLog log, boolean withoutSecureBoot) {
    RefstateWriter writer = new RefstateWriter(log);
    if (!writer.secureBoot && !withoutSecureBoot) {
      throw unusable("Secure Boot was not on in this boot; say so if that is meant");
    }
    Json.Obj refstate = writer.refstate();
    Refstate.parse(refstate.toBytes());
    return refstate;
  }

  private Json.Obj refstate() {
    return Json.object()
        .put("has_secureboot", secureBoot)
        .put("scrtm_and_bios", Json.array(List.of(firmware())))
        .put("pk", variable(EfiVariable.GLOBAL, "PK", _ -> true))
        .put("kek", variable(EfiVariable.GLOBAL, "KEK", _ -> true))
        .put("db", variable(EfiVariable.IMAGE_SECURITY, "db", _ -> true))
        .put(
            "dbx",
            variable(
                EfiVariable.IMAGE_SECURITY,
                "dbx",
                list -> list.type().equals(SignatureList.SHA256)))
        .put("vendor_db", vendorDb())
        .put("mokdig", digests(event -> isText(event, "MokList")))
        .put("mokxdig", digests(event -> isText(event, "MokListX")))
        .put("kernels", Json.array(List.of(kernel())))
        .build();
  }

  private Json.Obj firmware() {
    return Json.object()
        .put(
            "scrtm",
            digest(
                first(event -> event.is(EventType.EV_S_CRTM_VERSION))
                    .orElseThrow(() -> unusable("the log does not say which firmware it was"))))
        .put(
            "platform_firmware",
            digests(event ->
                event.is(EventType.EV_EFI_PLATFORM_FIRMWARE_BLOB)
                    || event.is(EventType.EV_EFI_PLATFORM_FIRMWARE_BLOB2)))
        .build();
  }

  private Json.Obj kernel() {
    List<BootEvent> started =
        events.stream()
            .filter(event -> event.is(EventType.EV_EFI_BOOT_SERVICES_APPLICATION))
            .filter(event -> !FIRMWARE_APPLICATION.matcher(event.text()).matches())
            .toList();
    boolean expected =
        secureBoot ? started.size() == 3 || started.size() == 4 : started.size() == 2;
    if (!expected) {
      throw unusable(
          "shim, GRUB%s should have been started, the log has %d applications"
              .formatted(secureBoot ? " and the kernel" : "", started.size()));
    }
    JsonObjectBuilder kernel = Json.object();
    if (secureBoot) {
      kernel.put("kernel_authcode_sha256", sha256(started.get(2)));
    }
    kernel
        .put("shim_authcode_sha256", sha256(started.get(0)))
        .put("grub_authcode_sha256", sha256(started.get(1)))
        .put("initrd_plain_sha256", sha256(file("an initrd", "initrd", "initramfs")));
    if (!secureBoot) {
      kernel.put("vmlinuz_plain_sha256", sha256(file("a kernel", "vmlinuz")));
    }
    String commandLine =
        events.stream()
            .flatMap(event -> GrubText.of(event).stream())
            .filter(measured -> measured.kind().equals("kernel_cmdline"))
            .map(GrubText::text)
            .findFirst()
            .orElseThrow(() -> unusable("the log has no kernel command line"));
    return kernel.put("kernel_cmdline", literal(commandLine)).build();
  }

  /** A pattern that matches this text alone, in Keylime's dialect and ours. */
  private static String literal(String text) {
    return text.replaceAll("[\\\\.\\[\\]{}()*+?^$|]", "\\\\$0");
  }

  private BootEvent file(String what, String... names) {
    return first(event ->
            event.is(EventType.EV_IPL)
                && event.pcr() == 9
                && Arrays.stream(names).anyMatch(name -> text(event).contains(name)))
        .orElseThrow(() -> unusable("the log does not say that " + what + " was loaded"));
  }

  private Json variable(UUID vendor, String name, Predicate<SignatureList> counts) {
    List<Json> keys = new ArrayList<>();
    for (BootEvent event : events) {
      if (event.is(EventType.EV_EFI_VARIABLE_DRIVER_CONFIG)) {
        EfiVariable variable = EfiVariable.parse(event.data());
        if (variable.is(vendor, name)) {
          SignatureList.parse(variable.data()).stream()
              .filter(counts)
              .flatMap(list -> list.signatures().stream())
              .forEach(signature -> keys.add(key(signature.owner(), signature.data())));
        }
      }
    }
    return Json.array(keys);
  }

  private Json vendorDb() {
    List<Json> keys = new ArrayList<>();
    for (BootEvent event : events) {
      if (event.is(EventType.EV_EFI_VARIABLE_AUTHORITY)) {
        EfiVariable variable = EfiVariable.parse(event.data());
        byte[] data = variable.data();
        if (variable.name().equals("vendor_db") && data.length > OWNER) {
          keys.add(
              key(
                  SignatureList.owner(Arrays.copyOf(data, OWNER)),
                  Arrays.copyOfRange(data, OWNER, data.length)));
        }
      }
    }
    return Json.array(keys);
  }

  private static Json.Obj key(UUID owner, byte[] data) {
    return Json.object()
        .put("SignatureOwner", owner.toString())
        .put("SignatureData", "0x" + HexFormat.of().formatHex(data))
        .build();
  }

  private Json digests(Predicate<BootEvent> wanted) {
    return Json.array(events.stream().filter(wanted).map(RefstateWriter::digest).toList());
  }

  private static Json.Obj digest(BootEvent event) {
    return Json.object().put("sha256", sha256(event)).build();
  }

  private static String sha256(BootEvent event) {
    Digest digest = event.digests().get(HashAlg.SHA256);
    if (digest == null) {
      throw unusable("the log has no digests of SHA-256");
    }
    return "0x" + digest.hex();
  }

  private Optional<BootEvent> first(Predicate<BootEvent> wanted) {
    return events.stream().filter(wanted).findFirst();
  }

  private static boolean isText(BootEvent event, String wanted) {
    return event.is(EventType.EV_IPL) && text(event).equals(wanted);
  }

  private static String text(BootEvent event) {
    String text = new String(event.data(), StandardCharsets.UTF_8);
    return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
  }

  private static EvidenceException unusable(String detail) {
    return new EvidenceException(Code.POLICY_UNUSABLE, "boot log", detail);
  }
}
