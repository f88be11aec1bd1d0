package dev.keystead.cli.evidence;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.ClockInfo;
import dev.keystead.tpm.structure.PcrSelection;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An attestation as the command line shows it. */
final class AttestView {
  private AttestView() {}

  static void describe(Attest attest, JsonObjectBuilder json) {
    ClockInfo clock = attest.clock();
    json.put("type", type(attest))
        .put("signer", hex(attest.signer().bytes()))
        .put("nonce", hex(attest.extraData()))
        .put(
            "clock",
            Json.object()
                .put("clock", new Json.Num(Long.toUnsignedString(clock.clock())))
                .put("resetCount", clock.resetCount())
                .put("restartCount", clock.restartCount())
                .put("safe", clock.safe()))
        .put("firmwareVersion", "%016x".formatted(attest.firmwareVersion()));
    if (attest.attested() instanceof Attest.Quoted(PcrSelection selection, byte[] pcrDigest)) {
      JsonObjectBuilder selected = Json.object();
      selection
          .banks()
          .forEach(bank ->
              selected.put(
                  bank.alg().label(),
                  Json.array(bank.pcrs().mapToObj(pcr -> Json.of((long) pcr)).toList())));
      json.put("selection", selected).put("pcrDigest", hex(pcrDigest));
    }
  }

  static List<String> lines(Attest attest) {
    ClockInfo clock = attest.clock();
    List<String> lines = new ArrayList<>();
    lines.add("type: " + type(attest));
    lines.add("signer: " + hex(attest.signer().bytes()));
    lines.add("nonce: " + hex(attest.extraData()));
    lines.add(
        "clock: %s ms, %d resets, %d restarts, %s"
            .formatted(
                Long.toUnsignedString(clock.clock()),
                clock.resetCount(),
                clock.restartCount(),
                clock.safe() ? "safe" : "not safe"));
    if (attest.attested() instanceof Attest.Quoted(PcrSelection selection, byte[] pcrDigest)) {
      lines.add(
          "covers: "
              + selection.banks().stream()
                  .map(bank ->
                      bank.alg().label()
                          + ":"
                          + bank.pcrs()
                              .mapToObj(Integer::toString)
                              .collect(Collectors.joining(",")))
                  .collect(Collectors.joining(" + ")));
      lines.add("PCR digest: " + hex(pcrDigest));
    }
    return lines;
  }

  private static String type(Attest attest) {
    return attest.attested() instanceof Attest.Quoted
        ? "quote"
        : attest.attested().getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
