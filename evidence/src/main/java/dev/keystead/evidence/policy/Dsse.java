package dev.keystead.evidence.policy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A DSSE envelope: a payload with signatures over it and its type, ECDSA P-256 with SHA-256 in DER,
 * as Keylime signs runtime policies.
 *
 * @param payload the signed bytes
 * @param payloadType what they are
 * @param signatures at least one
 */
public record Dsse(byte[] payload, String payloadType, List<Signed> signatures) {
  /** The type of a Keylime policy. */
  public static final String KEYLIME = "application/vnd.keylime+json";

  private static final int MOST_SIGNATURES = 16;
  private static final int LARGEST_SIGNATURE = 256;
  private static final int LONGEST_TYPE = 256;

  /**
   * One signature.
   *
   * @param keyId a hint, never a proof: hex SHA-256 of the key's PEM, or base64 of a certificate's
   *     PEM
   * @param signature in DER
   */
  public record Signed(String keyId, byte[] signature) {}

  /** Copies the signatures. */
  public Dsse {
    signatures = List.copyOf(signatures);
  }

  /** Whether this JSON object is meant to be an envelope, not a bare policy. */
  public static boolean isEnvelope(Json.Obj json) {
    return json.members().containsKey("payloadType");
  }

  /**
   * Parses an envelope.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static Dsse parse(byte[] json) {
    try {
      Fields envelope = Json.parseObject(json, Limits.POLICY).fields("");
      byte[] payload = envelope.bytes64("payload", Limits.POLICY.bytes());
      String type = envelope.text("payloadType", LONGEST_TYPE);
      List<Signed> signatures = new ArrayList<>();
      for (Field item : envelope.list("signatures", MOST_SIGNATURES)) {
        Fields signed = item.fields();
        signatures.add(new Signed(signed.text("keyid"), signed.bytes64("sig", LARGEST_SIGNATURE)));
        signed.done();
      }
      envelope.done();
      if (signatures.isEmpty()) {
        throw new JsonException("signatures: there is none");
      }
      return new Dsse(payload, type, signatures);
    } catch (JsonException e) {
      throw refused(Code.POLICY_UNUSABLE, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The payload, when one of the trusted keys signed it as a Keylime policy.
   *
   * @throws EvidenceException with SIGNATURE_INVALID, or ALGORITHM_REFUSED for a key of another
   *     kind
   */
  public byte[] verify(List<PublicKey> trusted) {
    if (!payloadType.equals(KEYLIME)) {
      throw refused(Code.SIGNATURE_INVALID, "the payload is not of type " + KEYLIME);
    }
    byte[] message = preAuthenticationEncoding(payloadType, payload);
    for (PublicKey key : trusted) {
      requireP256(key);
      for (Signed signed : signatures) {
        if (isBy(key, message, signed.signature())) {
          return payload.clone();
        }
      }
    }
    throw refused(
        Code.SIGNATURE_INVALID,
        "none of its %d signatures is by one of the %d trusted keys"
            .formatted(signatures.size(), trusted.size()));
  }

  /**
   * Signs a Keylime policy with a P-256 key.
   *
   * @param keyId see {@link #keyId} and {@link #certificateKeyId}
   */
  public static Dsse sign(byte[] payload, PrivateKey key, String keyId) {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key);
      signer.update(preAuthenticationEncoding(KEYLIME, payload));
      return new Dsse(payload, KEYLIME, List.of(new Signed(keyId, signer.sign())));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a key that cannot sign with ECDSA", e);
    }
  }

  /** The key id of a bare key: hex SHA-256 of its PEM. */
  public static String keyId(String publicKeyPem) {
    byte[] pem = publicKeyPem.getBytes(StandardCharsets.US_ASCII);
    return HexFormat.of().formatHex(HashAlg.SHA256.hash(pem));
  }

  /** The key id of a certificate: base64 of its PEM. */
  public static String certificateKeyId(String certificatePem) {
    byte[] pem = certificatePem.getBytes(StandardCharsets.US_ASCII);
    return Base64.getEncoder().encodeToString(pem);
  }

  /** The JSON form. */
  public Json.Obj toJson() {
    List<Json> signed = new ArrayList<>();
    for (Signed one : signatures) {
      signed.add(
          Json.object().put("keyid", one.keyId()).putBytes64("sig", one.signature()).build());
    }
    return Json.object()
        .putBytes64("payload", payload)
        .put("payloadType", payloadType)
        .put("signatures", Json.array(signed))
        .build();
  }

  /** What is signed: {@code DSSEv1 <length> <type> <length> <payload>}. */
  private static byte[] preAuthenticationEncoding(String type, byte[] payload) {
    int typeLength = type.getBytes(StandardCharsets.UTF_8).length;
    String head = "DSSEv1 %d %s %d ".formatted(typeLength, type, payload.length);
    ByteArrayOutputStream message = new ByteArrayOutputStream(payload.length + 64);
    message.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    message.writeBytes(payload);
    return message.toByteArray();
  }

  private static void requireP256(PublicKey key) {
    boolean fits = key instanceof ECPublicKey ec && ec.getParams().toString().contains("secp256r1");
    if (!fits) {
      throw refused(Code.ALGORITHM_REFUSED, "a trusted key that is not on P-256");
    }
  }

  private static boolean isBy(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance("SHA256withECDSA");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw refused(Code.ALGORITHM_REFUSED, "the signature cannot be checked: " + e.getMessage());
    }
  }

  private static EvidenceException refused(Code code, String detail) {
    return new EvidenceException(code, "DSSE envelope", detail);
  }
}
