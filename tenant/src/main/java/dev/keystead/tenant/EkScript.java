package dev.keystead.tenant;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.tenant.TenantException.Problem;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The owner's own check of an endorsement key, with the environment of Keylime's {@code
 * ek_check_script}: AGENT_UUID, EK (PEM), EK_CERT (base64 DER, or empty), EK_TPM (base64
 * TPM2B_PUBLIC, or empty), TPM_CERT_STORE. What it says decides: 0 is good, anything else is not.
 */
record EkScript(Endorsement.Script script) {
  private static final int PATIENCE_SECONDS = 60;
  private static final int LONGEST_WORDS = 2000;

  /**
   * Runs the program.
   *
   * @throws EvidenceException with EK_UNTRUSTED when it does not answer 0 within a minute
   */
  void require(AgentRecord record) {
    ProcessBuilder builder =
        new ProcessBuilder(script.program().toAbsolutePath().toString())
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(new java.io.File("/dev/null")));
    builder.environment().putAll(environment(record));
    try {
      Process process = builder.start();
      try {
        // A program that is silent and hangs is ended by its deadline, which ends the reading.
        Thread.ofVirtual().start(() -> endLate(process));
        byte[] said = process.getInputStream().readNBytes(LONGEST_WORDS);
        int code = process.waitFor();
        if (code != 0) {
          throw new EvidenceException(
              Code.EK_UNTRUSTED,
              "endorsement key",
              "%s answers %d: %s"
                  .formatted(
                      script.program(), code, new String(said, StandardCharsets.UTF_8).strip()));
        }
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the check of endorsement keys %s cannot be run: %s"
              .formatted(script.program(), e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TenantException(
          Problem.UNREACHABLE, "interrupted while waiting for " + script.program(), e);
    }
  }

  private static void endLate(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  private Map<String, String> environment(AgentRecord record) {
    Base64.Encoder base64 = Base64.getEncoder();
    return Map.of(
        "AGENT_UUID",
        record.agentId().value(),
        "EK",
        record.ek().map(ek -> PrivateKeys.toPem(ek.toPublicKey())).orElse(""),
        "EK_CERT",
        record.ekCert().map(cert -> base64.encodeToString(cert.der())).orElse(""),
        "EK_TPM",
        record.ek().map(ek -> base64.encodeToString(ek.toSizedBytes())).orElse(""),
        "PROVKEYS",
        "{}",
        "TPM_CERT_STORE",
        script.folder().map(Object::toString).orElse(""));
  }
}
