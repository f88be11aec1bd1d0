package dev.keystead.tao.host;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.AttestRequest;
import dev.keystead.tao.Attestation;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.AttestationException;
import dev.keystead.tao.attestation.AttestationVerifier;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.attestation.VerifiedAttestation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A host's own attest certificate: its key as the host below attests it. It is asked for again when
 * half of its time is over.
 */
final class OwnCertificate {
  private final HostSettings settings;
  private final Tao parent;
  private final AttestRequest request;
  private final AttestationVerifier verifier;
  private volatile Current current;

  /** A certificate with what a verifier finds in it. */
  private record Current(AttestCertificate certificate, TaoName name, Instant renewAt) {}

  OwnCertificate(HostSettings settings, Tao parent, byte[] spki) throws TaoException {
    this.settings = settings;
    this.parent = parent;
    this.request = new AttestRequest(AttestRequest.HOST_KEY, spki, Optional.empty());
    this.verifier = new AttestationVerifier(settings.policyKey());
    this.current = renewed();
  }

  TaoName name() {
    return current.name;
  }

  AttestCertificate get() throws TaoException {
    Current usable = current;
    return settings.clock().instant().isBefore(usable.renewAt)
        ? usable.certificate
        : renew().certificate;
  }

  private synchronized Current renew() throws TaoException {
    if (!settings.clock().instant().isBefore(current.renewAt)) {
      Current renewed = renewed();
      if (!renewed.name.equals(current.name)) {
        throw new TaoException(Reason.UNAVAILABLE, "the host below calls this one differently now");
      }
      current = renewed;
    }
    return current;
  }

  /** Asks the host below, and believes nothing that a third party would not believe. */
  private Current renewed() throws TaoException {
    Attestation key = parent.attest(request);
    Instant now = settings.clock().instant();
    try {
      AttestCertificate certificate = settings.endorsement().certificate(key);
      TaoName name = verifier.verify(certificate, now);
      VerifiedAttestation verified = verifier.verify(key, now);
      Validity validity = verified.validity();
      Duration left = Duration.between(now, validity.expires());
      return new Current(certificate, name, now.plus(left.dividedBy(2)));
    } catch (AttestationException e) {
      throw new TaoException(
          Reason.UNAVAILABLE, "nobody would believe this host: " + e.getMessage(), e);
    }
  }
}
