package dev.keystead.cli.tpm;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.OutputFormat;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.endorsement.EkCertificates;
import dev.keystead.tpm.endorsement.EndorsementKey;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.template.EkTemplate;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code keystead tpm ek}. */
@Command(
    name = "ek",
    description = {
      "The endorsement keys that the TPM has certificates for, and the certificates.",
      "Who issued them is a claim until a path to a trusted root is checked (keystead appraise)."
    })
final class TpmEkCommand implements Callable<Integer> {
  @Mixin private TpmCommand.Device device;
  @Mixin private OutputFormat output;

  private record Seen(EkCertificates stored, Map<EkTemplate, TpmPublic> keys) {
    static Seen read(Tpm tpm) throws TpmException {
      EkCertificates stored = EkCertificates.read(tpm);
      Map<EkTemplate, TpmPublic> keys = new EnumMap<>(EkTemplate.class);
      for (EkTemplate template : stored.certificates().keySet()) {
        try (EndorsementKey key = EndorsementKey.create(tpm, template)) {
          keys.put(template, key.area());
        }
      }
      return new Seen(stored, keys);
    }
  }

  @Override
  public Integer call() {
    Seen seen = device.read(Seen::read);
    List<Json> keys = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    seen.keys()
        .forEach((template, area) -> {
          byte[] der = seen.stored().certificates().getOrDefault(template, new byte[0]);
          X509Certificate certificate = certificate(der);
          boolean fits = certificate.getPublicKey().equals(area.toPublicKey());
          String name = template.name().toLowerCase(Locale.ROOT).replace('_', '-');
          keys.add(
              describe(certificate, der)
                  .put("template", name)
                  .put("name", area.name().hex())
                  .put("certifiesKey", fits)
                  .build());
          lines.add("endorsement key " + name + ", Name " + area.name().hex());
          lines.add("  the certificate is " + (fits ? "" : "NOT ") + "for this key");
          lines.addAll(lines(certificate));
        });
    List<Json> chain = new ArrayList<>();
    for (byte[] der : seen.stored().chain()) {
      X509Certificate certificate = certificate(der);
      chain.add(describe(certificate, der).build());
      lines.add("issuer's certificate in the TPM");
      lines.addAll(lines(certificate));
    }
    if (keys.isEmpty()) {
      lines.add("the TPM holds no endorsement key certificate");
    }
    output.print(
        Json.object().put("keys", Json.array(keys)).put("chain", Json.array(chain)).build(), lines);
    return ExitCode.TRUSTED;
  }

  private static X509Certificate certificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw CommandException.unreadable(
          "a certificate in the TPM cannot be read: " + e.getMessage());
    }
  }

  private static JsonObjectBuilder describe(X509Certificate certificate, byte[] der) {
    return Json.object()
        .put("subject", certificate.getSubjectX500Principal().getName())
        .put("issuer", certificate.getIssuerX500Principal().getName())
        .put("serial", certificate.getSerialNumber().toString(16))
        .put("notBefore", certificate.getNotBefore().toInstant().toString())
        .put("notAfter", certificate.getNotAfter().toInstant().toString())
        .put("der", Base64.getEncoder().encodeToString(der));
  }

  private static List<String> lines(X509Certificate certificate) {
    return List.of(
        "  subject: " + certificate.getSubjectX500Principal().getName(),
        "  issuer:  " + certificate.getIssuerX500Principal().getName(),
        "  serial:  " + certificate.getSerialNumber().toString(16),
        "  valid:   %s to %s"
            .formatted(
                certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant()));
  }
}
