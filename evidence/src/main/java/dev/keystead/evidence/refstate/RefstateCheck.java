package dev.keystead.evidence.refstate;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.boot.BootEvent;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.BootState;
import dev.keystead.evidence.boot.EventType;
import dev.keystead.evidence.boot.GrubText;
import dev.keystead.evidence.boot.SecureBoot;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** One run of the policy over one log: each event has to be expected in its PCR. */
final class RefstateCheck {
  private static final Map<Integer, Set<String>> ACTIONS =
      Map.of(
          4,
          Set.of(
              "Calling EFI Application from Boot Option",
              "Returning from EFI Application from Boot Option"),
          5,
          Set.of(
              "Exit Boot Services Invocation",
              "Exit Boot Services Returned with Failure",
              "Exit Boot Services Returned with Success"));

  private final Refstate policy;
  private final VerifiedBootLog boot;
  private final Set<HashAlg> confirmed;
  private final VariableCheck variables;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Integer> seen = new HashMap<>();

  private final List<BootEvent> scrtm = new ArrayList<>();
  private final List<BootEvent> blobs = new ArrayList<>();
  private final List<BootEvent> applications = new ArrayList<>();
  private final List<BootEvent> kernels = new ArrayList<>();
  private final List<BootEvent> initrds = new ArrayList<>();
  private final List<String> commandLines = new ArrayList<>();

  RefstateCheck(Refstate policy, VerifiedBootLog boot) {
    this.policy = policy;
    this.boot = boot;
    this.variables = new VariableCheck(policy);
    this.confirmed =
        boot.confirmed().banks().stream()
            .filter(bank -> (Refstate.RELEVANT_PCRS & ~bank.mask()) == 0)
            .map(PcrSelection.Bank::alg)
            .collect(Collectors.toUnmodifiableSet());
  }

  List<Finding> findings() {
    if (!confirmed.contains(HashAlg.SHA256)) {
      return List.of(
          new Finding(
              Code.PCR_MISSING,
              "measured boot refstate",
              "the quote does not cover PCR 0 to 9 and 14 in sha256"));
    }
    BootState state = BootState.of(boot.log());
    findings.addAll(state.findings());
    SecureBoot expected = policy.secureBoot() ? SecureBoot.ON : SecureBoot.OFF;
    if (state.secureBoot() != expected) {
      differs(
          "Secure Boot",
          "found %s, expected %s".formatted(state.secureBoot().label(), expected.label()));
    }
    boot.log().events().forEach(this::event);
    requireFirmware();
    requireChain();
    return List.copyOf(findings);
  }

  private void event(BootEvent event) {
    EventType type = EventType.find(event.typeId()).orElse(null);
    boolean expected =
        type != null
            && switch (type) {
              case EV_NO_ACTION ->
                  event.pcr() == 0 && (event.number() == 0 || BootLog.isStartupLocality(event));
              case EV_CPU_MICROCODE, EV_EFI_HANDOFF_TABLES, EV_EFI_HANDOFF_TABLES2 ->
                  event.pcr() == 1 && atMost(1, type.name());
              case EV_PLATFORM_CONFIG_FLAGS -> event.pcr() == 1 && atMost(4, type.name());
              case EV_EFI_GPT_EVENT -> event.pcr() == 5 && atMost(1, type.name());
              case EV_EFI_BOOT_SERVICES_DRIVER -> event.pcr() == 2;
              case EV_SEPARATOR -> event.pcr() <= 7;
              case EV_S_CRTM_VERSION -> event.pcr() == 0 && scrtm.add(event);
              case EV_EFI_PLATFORM_FIRMWARE_BLOB, EV_EFI_PLATFORM_FIRMWARE_BLOB2 ->
                  event.pcr() == 0 && blobs.add(event);
              case EV_EFI_BOOT_SERVICES_APPLICATION -> event.pcr() == 4 && applications.add(event);
              case EV_EFI_ACTION ->
                  ACTIONS.getOrDefault(event.pcr(), Set.of()).contains(text(event))
                      && event.coversData();
              case EV_EFI_VARIABLE_BOOT -> event.pcr() == 1 && variables.isBootVariable(event);
              case EV_EFI_VARIABLE_DRIVER_CONFIG ->
                  event.pcr() == 7 && variables.isExpectedConfig(event);
              case EV_EFI_VARIABLE_AUTHORITY ->
                  event.pcr() == 7 && variables.isExpectedAuthority(event);
              case EV_IPL ->
                  switch (event.pcr()) {
                    case 8 -> grubText(event);
                    case 9 -> grubFile(event);
                    case 14 -> mok(event);
                    default -> false;
                  };
              default -> false;
            };
    if (!expected) {
      differs(event.where(), "the policy does not allow \"%s\" here".formatted(event.text()));
    }
  }

  private boolean atMost(int times, String what) {
    return seen.merge(what, 1, Integer::sum) <= times;
  }

  /** GRUB's own commands are taken as they are, as Keylime does; command lines are judged. */
  private boolean grubText(BootEvent event) {
    GrubText measured = GrubText.of(event).orElse(null);
    if (measured == null) {
      return false;
    }
    return switch (measured.kind()) {
      case "grub_cmd" -> true;
      case "kernel_cmdline" -> commandLines.add("kernel_cmdline: " + measured.text());
      default -> false;
    };
  }

  /** Files are told by the names that GRUB gives them, which no digest covers. */
  private boolean grubFile(BootEvent event) {
    String name = text(event);
    if (name.indexOf('\n') >= 0) {
      return false;
    }
    if (name.contains("/loader/entries") || name.contains("/grub")) {
      return true;
    }
    if (name.contains("/vmlinuz")) {
      return kernels.add(event);
    }
    return (name.contains("/initrd") || name.contains("/initramfs")) && initrds.add(event);
  }

  /** MokListTrusted is one byte, so its digest is asked: its name could be put on another list. */
  private boolean mok(BootEvent event) {
    return switch (text(event)) {
      case "MokList" -> isAnyOf(event, policy.mokList());
      case "MokListX" -> isAnyOf(event, policy.mokListX());
      case "MokListTrusted" ->
          atMost(1, "MokListTrusted")
              && (event.covers(new byte[] {1}) || event.covers(new byte[] {0}));
      default -> false;
    };
  }

  private void requireFirmware() {
    boolean allowed =
        policy.firmware().stream()
            .anyMatch(f -> are(scrtm, List.of(f.scrtm())) && are(blobs, f.blobs()));
    if (!allowed) {
      differs("firmware", "no scrtm_and_bios allows " + words(scrtm) + " with " + words(blobs));
    }
  }

  private void requireChain() {
    if (policy.kernels().stream().noneMatch(this::isChain)) {
      differs(
          "boot chain",
          "no entry of kernels allows applications %s, kernel files %s, initrds %s, command lines %s"
              .formatted(words(applications), words(kernels), words(initrds), commandLines));
    }
  }

  private boolean isChain(Refstate.Kernel kernel) {
    var shim = sha256(kernel.shim());
    var grub = sha256(kernel.grub());
    var image = sha256(kernel.kernel());
    boolean images =
        policy.secureBoot()
            ? (are(applications, List.of(shim, grub, image))
                    || are(applications, List.of(shim, grub, image, image)))
                && kernels.size() == 1
            : are(applications, List.of(shim, grub)) && are(kernels, List.of(image));
    return images
        && are(initrds, List.of(sha256(kernel.initrd())))
        && commandLines.size() == 1
        && kernel.commandLine().matchesAll(commandLines.getFirst());
  }

  private boolean are(List<BootEvent> events, List<Map<HashAlg, Digest>> allowed) {
    if (events.size() != allowed.size()) {
      return false;
    }
    for (int i = 0; i < events.size(); i++) {
      if (!is(events.get(i), allowed.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isAnyOf(BootEvent event, List<Map<HashAlg, Digest>> allowed) {
    return allowed.stream().anyMatch(digests -> is(event, digests));
  }

  /** Only digests of banks that the quote confirms count, and each of them has to fit. */
  private boolean is(BootEvent event, Map<HashAlg, Digest> allowed) {
    int fitting = 0;
    for (Map.Entry<HashAlg, Digest> digest : allowed.entrySet()) {
      if (confirmed.contains(digest.getKey())) {
        if (!Objects.equals(event.digests().get(digest.getKey()), digest.getValue())) {
          return false;
        }
        fitting++;
      }
    }
    return fitting > 0;
  }

  private static Map<HashAlg, Digest> sha256(Digest digest) {
    return Map.of(HashAlg.SHA256, digest);
  }

  private static String text(BootEvent event) {
    String text = new String(event.data(), StandardCharsets.UTF_8);
    return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
  }

  private static String words(List<BootEvent> events) {
    return events.stream()
        .map(event -> String.valueOf(event.digests().get(HashAlg.SHA256)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private void differs(String where, String detail) {
    findings.add(new Finding(Code.BOOT_DIFFERS, where, detail));
  }
}
