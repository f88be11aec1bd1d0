package dev.keystead.cli;

import dev.keystead.cli.folder.Criteria;
import dev.keystead.evidence.Appraisal;
import dev.keystead.evidence.ear.AttestationResult;
import dev.keystead.evidence.ear.AttestationResult.Claim;
import dev.keystead.evidence.ear.EarSigner;
import dev.keystead.evidence.ear.TrustTier;
import dev.keystead.evidence.json.Json;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.tpm.structure.HashAlg;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs an appraisal as an EAR. */
final class EarToken {
  private static final String BUILD = "keystead 0.1.0";
  private static final int COORDINATE = 32;

  private final EarSigner signer;
  private final Optional<String> jwk;

  private EarToken(EarSigner signer, Optional<String> jwk) {
    this.signer = signer;
    this.jwk = jwk;
  }

  /** Signs with the key of this file, or with a new one. */
  static EarToken with(@Nullable Path file) {
    if (file != null) {
      return new EarToken(signer(read(file), file.getFileName().toString()), Optional.empty());
    }
    KeyPair pair = PrivateKeys.generate(KeyType.EC_P256);
    Json.Obj jwk = jwk((ECPublicKey) pair.getPublic());
    // RFC 7638: these members in this order are also what the thumbprint is made of.
    String keyId = base64(HashAlg.SHA256.hash(jwk.toBytes()));
    return new EarToken(
        signer((ECPrivateKey) pair.getPrivate(), keyId), Optional.of(jwk.toString()));
  }

  /** The public key, where nobody else has it. */
  Optional<String> jwk() {
    return jwk;
  }

  /** The token: affirming only what was judged, none where there was nothing to judge by. */
  String sign(Appraisal appraisal, Criteria criteria, byte[] nonce) {
    Map<Claim, TrustTier> claims = new EnumMap<>(Claim.class);
    criteria.endorsement().ifPresent(_ -> claims.put(Claim.HARDWARE, tier(appraisal)));
    criteria.reference().ifPresent(_ -> claims.put(Claim.CONFIGURATION, tier(appraisal)));
    criteria.refstate().ifPresent(_ -> claims.put(Claim.CONFIGURATION, tier(appraisal)));
    criteria.files().ifPresent(_ -> claims.put(Claim.EXECUTABLES, tier(appraisal)));
    TrustTier status = appraisal.trusted() && claims.isEmpty() ? TrustTier.NONE : tier(appraisal);
    return signer.sign(
        new AttestationResult(
            "machine",
            status,
            claims,
            Optional.empty(),
            appraisal.findings(),
            appraisal.at(),
            Optional.of(HexFormat.of().formatHex(nonce))));
  }

  /** Evidence that is bad in one part is believed in none: its parts vouch for each other. */
  private static TrustTier tier(Appraisal appraisal) {
    return appraisal.trusted() ? TrustTier.AFFIRMING : TrustTier.CONTRAINDICATED;
  }

  private static EarSigner signer(ECPrivateKey key, String keyId) {
    return new EarSigner(key, keyId, BUILD);
  }

  private static ECPrivateKey read(Path file) {
    byte[] pem = InputFile.read(file, InputFile.SMALL, "the key");
    try {
      if (PrivateKeys.fromPem(new String(pem, StandardCharsets.ISO_8859_1))
              instanceof ECPrivateKey key
          && key.getParams().getOrder().bitLength() == COORDINATE * Byte.SIZE) {
        return key;
      }
    } catch (CredentialException e) {
      throw CommandException.unreadable("the key %s: %s".formatted(file, e.getMessage()));
    } finally {
      Arrays.fill(pem, (byte) 0);
    }
    throw CommandException.unreadable("the key %s is not on P-256".formatted(file));
  }

  private static Json.Obj jwk(ECPublicKey key) {
    return Json.object()
        .put("crv", "P-256")
        .put("kty", "EC")
        .put("x", coordinate(key.getW().getAffineX()))
        .put("y", coordinate(key.getW().getAffineY()))
        .build();
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[COORDINATE];
    int length = Math.min(bytes.length, COORDINATE);
    System.arraycopy(bytes, bytes.length - length, fixed, COORDINATE - length, length);
    return base64(fixed);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
