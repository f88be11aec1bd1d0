package dev.keystead.evidence.refstate;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.boot.BootEvent;
import dev.keystead.evidence.boot.EfiVariable;
import dev.keystead.evidence.boot.SignatureList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The part of the policy that is about UEFI variables. */
final class VariableCheck {
  private static final int OWNER = 16;

  private final Refstate policy;
  private final Set<String> configs = new HashSet<>();
  private final Set<String> authorities = new HashSet<>();

  VariableCheck(Refstate policy) {
    this.policy = policy;
  }

  /** BootOrder and Boot####, whatever they say. */
  boolean isBootVariable(BootEvent event) {
    return parse(event)
        .filter(v -> v.vendor().equals(EfiVariable.GLOBAL))
        .filter(v -> v.name().matches("BootOrder|Boot[0-9a-fA-F]+"))
        .isPresent();
  }

  /** SecureBoot (judged elsewhere), PK, KEK, db and dbx, each once and with what is allowed. */
  boolean isExpectedConfig(BootEvent event) {
    return covered(event).filter(this::isExpectedConfig).isPresent();
  }

  private boolean isExpectedConfig(EfiVariable variable) {
    UUID vendor = variable.vendor();
    if (!configs.add(vendor + variable.name())) {
      return false;
    }
    if (vendor.equals(EfiVariable.GLOBAL)) {
      return switch (variable.name()) {
        case "SecureBoot" -> true;
        case "PK" -> isSubset(variable, policy.pk(), Set.of(SignatureList.X509));
        case "KEK" -> isSubset(variable, policy.kek(), Set.of(SignatureList.X509));
        default -> false;
      };
    }
    if (vendor.equals(EfiVariable.IMAGE_SECURITY)) {
      return switch (variable.name()) {
        case "db" ->
            isSubset(variable, policy.db(), Set.of(SignatureList.X509, SignatureList.SHA256));
        case "dbx" -> isSuperset(variable, policy.dbx());
        default -> false;
      };
    }
    return false;
  }

  /** What signed what was started: each list once, as shim and the firmware measure them. */
  boolean isExpectedAuthority(BootEvent event) {
    return covered(event).filter(this::isExpectedAuthority).isPresent();
  }

  private boolean isExpectedAuthority(EfiVariable variable) {
    if (!authorities.add(variable.vendor() + variable.name())) {
      return false;
    }
    if (variable.name().equals("vendor_db")) {
      return policy.vendorDb().filter(allowed -> allowed.contains(single(variable))).isPresent();
    }
    if (variable.vendor().equals(EfiVariable.SHIM_LOCK)) {
      return switch (variable.name()) {
        case "SbatLevel", "Shim", "MokListRT" -> true;
        case "MokListTrusted" -> variable.data().length == 1;
        default -> false;
      };
    }
    return variable.is(EfiVariable.IMAGE_SECURITY, "db");
  }

  /** Without Secure Boot and without a list there is nothing to compare with. */
  private boolean isSubset(EfiVariable variable, Set<Refstate.Key> allowed, Set<UUID> types) {
    return (!policy.secureBoot() && allowed.isEmpty())
        || lists(variable)
            .filter(lists ->
                lists.stream()
                    .allMatch(
                        list -> types.contains(list.type()) && allowed.containsAll(keys(list))))
            .isPresent();
  }

  private boolean isSuperset(EfiVariable variable, Set<Refstate.Key> needed) {
    return needed.isEmpty()
        || lists(variable)
            .filter(lists -> {
              Set<Refstate.Key> found = new HashSet<>();
              lists.stream()
                  .filter(list -> list.type().equals(SignatureList.SHA256))
                  .forEach(list -> found.addAll(keys(list)));
              return found.containsAll(needed);
            })
            .isPresent();
  }

  private static Set<Refstate.Key> keys(SignatureList list) {
    Set<Refstate.Key> keys = new HashSet<>();
    list.signatures()
        .forEach(s -> keys.add(new Refstate.Key(s.owner(), HexFormat.of().formatHex(s.data()))));
    return keys;
  }

  /** EFI_SIGNATURE_DATA by itself, as an authority is measured. */
  private static Refstate.Key single(EfiVariable variable) {
    byte[] data = variable.data();
    int owner = Math.min(OWNER, data.length);
    byte[] signature = Arrays.copyOfRange(data, owner, data.length);
    return new Refstate.Key(
        SignatureList.owner(Arrays.copyOf(data, OWNER)), HexFormat.of().formatHex(signature));
  }

  private static Optional<List<SignatureList>> lists(EfiVariable variable) {
    try {
      return Optional.of(SignatureList.parse(variable.data()));
    } catch (EvidenceException e) {
      return Optional.empty();
    }
  }

  private static Optional<EfiVariable> covered(BootEvent event) {
    return event.coversData() ? parse(event) : Optional.empty();
  }

  private static Optional<EfiVariable> parse(BootEvent event) {
    try {
      return Optional.of(EfiVariable.parse(event.data()));
    } catch (EvidenceException e) {
      return Optional.empty();
    }
  }
}
