package dev.keystead.http.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;

/**
 * Answers which certificates of one authority are revoked (RFC 6960), signed by the authority
 * itself. Certificates of others are unknown to it.
 */
final class OcspResponder {
  private static final int MAX_REQUEST = 16 << 10;
  private static final int MOST_QUESTIONS = 32;
  private static final int LONGEST_NONCE = 34;
  private static final Duration VALIDITY = Duration.ofHours(1);

  private final DigestCalculatorProvider digests = new BcDigestCalculatorProvider();
  private final X509CertificateHolder authority;
  private final PrivateKey key;

  OcspResponder(X509Certificate authority, PrivateKey key) {
    try {
      this.authority = new X509CertificateHolder(Certificates.der(authority));
    } catch (IOException e) {
      throw new CredentialException("authority cannot be read", e);
    }
    this.key = key;
  }

  /**
   * The answer to a request in DER; one that cannot be read is answered as malformed.
   *
   * @param revoked when a serial number was revoked, if it was
   */
  byte[] answer(byte[] request, Function<BigInteger, Optional<Instant>> revoked, Instant now) {
    try {
      OCSPReq parsed;
      try {
        parsed = parse(request);
      } catch (IOException e) {
        return new OCSPRespBuilder().build(OCSPRespBuilder.MALFORMED_REQUEST, null).getEncoded();
      }
      return new OCSPRespBuilder()
          .build(
              OCSPRespBuilder.SUCCESSFUL,
              basic(parsed, revoked, now)
                  .build(
                      CertificateBuilder.signer(key), new X509CertificateHolder[0], Date.from(now)))
          .getEncoded();
    } catch (IOException | OCSPException | OperatorCreationException e) {
      throw new CredentialException("no OCSP answer can be made", e);
    }
  }

  private static OCSPReq parse(byte[] request) throws IOException {
    if (request.length > MAX_REQUEST) {
      throw new IOException("too long");
    }
    try {
      OCSPReq parsed = new OCSPReq(request);
      int questions = parsed.getRequestList().length;
      Extension nonce = parsed.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
      if (questions == 0
          || questions > MOST_QUESTIONS
          || (nonce != null && nonce.getExtnValue().getOctetsLength() > LONGEST_NONCE)) {
        throw new IOException("not as many questions, or not such a nonce");
      }
      return parsed;
    } catch (RuntimeException e) {
      // The parser of the library throws these for structures that are not as they must be.
      throw new IOException(e);
    }
  }

  private BasicOCSPRespBuilder basic(
      OCSPReq request, Function<BigInteger, Optional<Instant>> revoked, Instant now)
      throws OCSPException, OperatorCreationException {
    BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(new RespID(authority.getSubject()));
    for (Req question : request.getRequestList()) {
      CertificateID id = question.getCertID();
      builder.addResponse(id, status(id, revoked), Date.from(now), Date.from(now.plus(VALIDITY)));
    }
    Extension nonce = request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
    if (nonce != null) {
      builder.setResponseExtensions(new org.bouncycastle.asn1.x509.Extensions(nonce));
    }
    return builder;
  }

  private CertificateStatus status(
      CertificateID id, Function<BigInteger, Optional<Instant>> revoked) {
    try {
      if (!id.matchesIssuer(authority, digests)) {
        return new UnknownStatus();
      }
    } catch (OCSPException e) {
      return new UnknownStatus();
    }
    return revoked
        .apply(id.getSerialNumber())
        .map(when -> (CertificateStatus) new RevokedStatus(Date.from(when)))
        .orElse(CertificateStatus.GOOD);
  }
}
