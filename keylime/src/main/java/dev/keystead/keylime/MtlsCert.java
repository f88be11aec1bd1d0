package dev.keystead.keylime;

import dev.keystead.evidence.json.Json;
import java.security.cert.X509Certificate;

/** What stands in {@code mtls_cert}: how an agent in the pull model is spoken to. */
public sealed interface MtlsCert {
  /** The text that says that the agent speaks plain HTTP. */
  String DISABLED = "disabled";

  /**
   * The agent's own certificate: the trust anchor of connections to it.
   *
   * @param pem as it was sent
   */
  record Certificate(String pem, X509Certificate certificate) implements MtlsCert {
    @Override
    public String text() {
      return pem;
    }
  }

  /** The agent has no TLS. */
  record Disabled() implements MtlsCert {
    @Override
    public String text() {
      return DISABLED;
    }
  }

  /** The text on the wire. */
  String text();

  /** The field on the wire. */
  default Json toJson() {
    return Json.of(text());
  }

  /** Reads one PEM certificate of at most 8192 characters, or {@code disabled}. */
  static MtlsCert parse(String text) {
    return text.equals(DISABLED)
        ? new Disabled()
        : new Certificate(text, PemField.certificate(text, "mtls_cert"));
  }
}
