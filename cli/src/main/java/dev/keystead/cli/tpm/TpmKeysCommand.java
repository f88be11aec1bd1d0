package dev.keystead.cli.tpm;

import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.tpm.Loaded;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.ReadPublic;
import dev.keystead.tpm.structure.ObjectAttributes;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead tpm keys}. */
@Command(name = "keys", description = "The keys and objects that are loaded or persistent.")
final class TpmKeysCommand implements Callable<Integer> {
  private static final int TRANSIENT = 0x80000000;
  private static final int PERSISTENT = 0x81000000;
  private static final int MOST = 64;

  private static final Map<Integer, String> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put(ObjectAttributes.FIXED_TPM, "fixedTPM");
    WORDS.put(ObjectAttributes.FIXED_PARENT, "fixedParent");
    WORDS.put(ObjectAttributes.SENSITIVE_DATA_ORIGIN, "sensitiveDataOrigin");
    WORDS.put(ObjectAttributes.USER_WITH_AUTH, "userWithAuth");
    WORDS.put(ObjectAttributes.ADMIN_WITH_POLICY, "adminWithPolicy");
    WORDS.put(ObjectAttributes.NO_DA, "noDA");
    WORDS.put(ObjectAttributes.RESTRICTED, "restricted");
    WORDS.put(ObjectAttributes.DECRYPT, "decrypt");
    WORDS.put(ObjectAttributes.SIGN, "sign");
  }

  @Mixin private TpmCommand.Device device;
  @Mixin private OutputFormat output;

  @Override
  public Integer call() {
    List<Loaded> keys = device.read(TpmKeysCommand::keys);
    List<String> lines = new ArrayList<>();
    for (Loaded key : keys) {
      lines.add("%s  %s".formatted(key.handle(), type(key.area())));
      lines.add("  Name " + key.area().name().hex());
      lines.add("  " + String.join(" ", attributes(key.area())));
    }
    if (keys.isEmpty()) {
      lines.add("no key is loaded or persistent");
    }
    output.print(Json.array(keys.stream().map(TpmKeysCommand::json).toList()), lines);
    return ExitCode.TRUSTED;
  }

  private static List<Loaded> keys(Tpm tpm) throws TpmException {
    List<Loaded> keys = new ArrayList<>();
    for (int first : new int[] {PERSISTENT, TRANSIENT}) {
      for (int handle : tpm.execute(new Capability.Handles(first, MOST)).values()) {
        keys.add(tpm.execute(new ReadPublic(handle)));
      }
    }
    return keys;
  }

  private static Json json(Loaded key) {
    return Json.object()
        .put("handle", key.handle().toString())
        .put("type", type(key.area()))
        .put("name", key.area().name().hex())
        .put("attributes", Json.strings(attributes(key.area())))
        .build();
  }

  private static String type(TpmPublic area) {
    return switch (area.key()) {
      case TpmPublic.Rsa rsa -> "RSA-" + rsa.bits();
      case TpmPublic.Ecc ecc -> "ECC " + ecc.curve();
      case TpmPublic.KeyedHash _ -> "keyed hash or sealed data";
    };
  }

  private static List<String> attributes(TpmPublic area) {
    return WORDS.entrySet().stream()
        .filter(word -> area.attributes().has(word.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }
}
