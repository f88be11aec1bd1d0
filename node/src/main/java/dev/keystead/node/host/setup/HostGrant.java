package dev.keystead.node.host.setup;

import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.tao.attestation.HostEndorsement;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.platform.CertificationException;
import dev.keystead.tao.platform.PlatformCertifier;
import dev.keystead.tao.platform.ProtectedCertificate;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * What the owner gives a machine, as a file to carry. It is of no use to any other: the certificate
 * is encrypted for the TPM.
 *
 * @param certificate of the TPM's attestation key
 * @param endorsement says that what was booted is a host
 */
public record HostGrant(ProtectedCertificate certificate, HostEndorsement endorsement) {
  private static final int MAX_BYTES = 32 << 10;

  /**
   * Grants a request, once the owner has compared its names.
   *
   * @throws HostException when the TPM's keys are not what they should be
   */
  public static HostGrant of(HostRequest request, Owner owner, Validity validity) {
    PlatformCertifier certifier =
        new PlatformCertifier(owner, Set.of(request.platform().platform()), new SecureRandom());
    try {
      return new HostGrant(
          certifier.certify(request.platform(), validity),
          owner.endorseHost(request.host(), validity));
    } catch (CertificationException | CoseException e) {
      throw new HostException("nothing is granted: " + e.getMessage(), e);
    }
  }

  /** Parses all of {@code bytes}. */
  public static HostGrant parse(byte[] bytes) {
    try {
      Fields fields = Json.parseObject(bytes, Limits.WIRE).fields("the grant");
      HostGrant grant =
          new HostGrant(
              ProtectedCertificate.parse(fields.hex("certificate", MAX_BYTES)),
              new HostEndorsement(fields.hex("endorsement", HostEndorsement.MAX_SIZE)));
      fields.done();
      return grant;
    } catch (JsonException | CborException | IllegalArgumentException e) {
      throw new HostException("that is no grant: " + e.getMessage(), e);
    }
  }

  /** A JSON document. */
  public byte[] encode() {
    HexFormat hex = HexFormat.of();
    return Json.object()
        .put("certificate", hex.formatHex(certificate.encode()))
        .put("endorsement", hex.formatHex(endorsement.bytes()))
        .build()
        .toBytes();
  }
}
