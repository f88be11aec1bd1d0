package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ControlIdentity;
import dev.keystead.control.ca.AuthorityFolder;
import dev.keystead.control.ca.AuthorityServer;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.tpm.structure.HashAlg;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;

/** The software authority: what it certifies, what it takes back, and who hears of that. */
class AuthorityTest extends VerifierFixture {
  private static final Duration DAY = Duration.ofDays(1);

  @SuppressWarnings("NullAway.Init") // by config, before each test
  private AuthorityFolder authority;

  @Override
  VerifierConfig config(Path database, Timing timing) {
    try {
      Path ca = folder.resolve("ca");
      authority =
          Files.exists(ca)
              ? AuthorityFolder.open(ca, InstantSource.system())
              : AuthorityFolder.init(ca, "nodes", KeyType.EC_P256, InstantSource.system());
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
    return super.config(database, timing)
        .with(
            new VerifierConfig.Telling(
                true, Optional.empty(), Optional.empty(), Optional.of(authority)));
  }

  @Test
  void theCertificateOfANodeThatFailsIsRevoked() throws Exception {
    X509Certificate bad = issue("bad");
    X509Certificate good = issue("good");
    TestAgent agent = agent("bad");
    enrol(agent, withSerial(agent, bad.getSerialNumber()));
    await(ControlEvent.Passed.class, agent);
    assertThat(crl().isRevoked(bad)).isFalse();

    agent.measure("/usr/bin/evil", HashAlg.SHA256.hash(new byte[] {1}));

    await(
        "the authority has been told", () -> count(ControlEvent.NoticeDelivered.class, agent) > 0);
    assertThat(crl().isRevoked(bad)).isTrue();
    assertThat(crl().isRevoked(good)).isFalse();
    assertThat(authority.list())
        .extracting(AuthorityFolder.Issued::revoked)
        .containsExactly(true, false);
  }

  @Test
  void aNodeThatIsOnlyGoneKeepsItsCertificate() throws Exception {
    X509Certificate certificate = issue("gone");
    TestAgent agent = agent("gone");
    enrol(agent, withSerial(agent, certificate.getSerialNumber()));
    await(ControlEvent.Passed.class, agent);
    agent.vanish();
    await(
        "the authority has been told", () -> count(ControlEvent.NoticeDelivered.class, agent) > 0);
    assertThat(crl().isRevoked(certificate)).isFalse();
  }

  @Test
  void theListAndOcspSayWhatIsRevokedUnderTheAuthoritysSignature() throws Exception {
    X509Certificate bad = issue("bad");
    X509Certificate good = issue("good");
    authority.revoke(bad.getSerialNumber());
    authority.revoke(bad.getSerialNumber());
    X509Certificate other = identity.client().certificate();
    try (AuthorityServer server = AuthorityServer.start(authority, free(), loops)) {
      Endpoint endpoint = Endpoint.plain("127.0.0.1", server.port());
      HttpResponse list = client.exchange(endpoint, ClientRequest.get("/crl"));
      X509CRL crl = Certificates.crlFromDer(list.body());
      crl.verify(issuer().getPublicKey());
      assertThat(crl.getRevokedCertificates()).hasSize(1);
      assertThat(status(endpoint, bad)).isInstanceOf(RevokedStatus.class);
      assertThat(status(endpoint, good)).isSameAs(CertificateStatus.GOOD);
      assertThat(status(endpoint, other)).isInstanceOf(UnknownStatus.class);
      HttpResponse junk =
          client.exchange(
              endpoint,
              ClientRequest.of("POST", "/ocsp", "application/ocsp-request", new byte[] {1, 2}));
      assertThat(new OCSPResp(junk.body()).getStatus()).isEqualTo(OCSPResp.MALFORMED_REQUEST);
      assertThat(client.exchange(endpoint, ClientRequest.of("DELETE", "/crl")).status())
          .isEqualTo(405);
    }
  }

  @Test
  void anOwnerWhoseCertificateIsRevokedIsRefusedByAServerThatRuns() throws Exception {
    Path own = folder.resolve("own_ca");
    ControlIdentity control = ControlIdentity.open(own, InstantSource.system());
    CertificateAuthority ca = CertificateAuthority.load(own, InstantSource.system());
    TlsIdentity tenant = ca.issue(Subject.named("tenant"), KeyType.EC_P256, Purpose.CLIENT, DAY);
    VerifierConfig config =
        VerifierConfig.of(
            free(), control.server(), control.client(), control.trust(), folder.resolve("own.db"));
    try (Verifier server = Verifier.start(config, loops)) {
      Endpoint kept =
          Endpoint.tls("127.0.0.1", server.port(), ClientTls.mutual(tenant, control.trust()));
      ClientRequest list = ClientRequest.get("/v2.6/agents");
      assertThat(client.exchange(kept, list).status()).isEqualTo(200);

      AuthorityFolder.open(own, InstantSource.system())
          .revoke(tenant.certificate().getSerialNumber());

      assertThat(client.exchange(kept, list).status())
          .as("on the connection that is open already")
          .isEqualTo(403);
      Endpoint fresh =
          Endpoint.tls(
              "127.0.0.1",
              server.port(),
              ClientTls.mutual(tenant, control.trust()).verifyingHost());
      assertThatThrownBy(() -> client.exchange(fresh, list)).isInstanceOf(HttpFailure.class);
      Endpoint others =
          Endpoint.tls(
              "127.0.0.1", server.port(), ClientTls.mutual(control.client(), control.trust()));
      assertThat(client.exchange(others, list).status()).isEqualTo(200);
      Files.write(own.resolve("cacrl.der"), new byte[] {1});
      assertThat(client.exchange(others, list).status())
          .as("what cannot be known to be good is not")
          .isEqualTo(403);
    }
  }

  @Test
  void thePolicyOfTheFolderSaysWhatMayBeCertified() throws Exception {
    Files.writeString(
        folder.resolve("ca/policy.json"),
        "{\"rules\":[{\"names\":\"web-.*\",\"dns\":\".*\\\\.example\",\"purpose\":\"server\","
            + "\"days\":30}]}");
    Subject web =
        new Subject(
            "web-1", java.util.List.of("a.example"), java.util.List.of(), Optional.of("node"));
    assertThat(authority.issue("web-1", web, KeyType.EC_P256, Purpose.SERVER, DAY)).isNotNull();
    assertThatThrownBy(() -> authority.issue("b", web, KeyType.EC_P256, Purpose.CLIENT, DAY))
        .isInstanceOf(CredentialException.class);
    assertThatThrownBy(
            () -> authority.issue("c", web, KeyType.EC_P256, Purpose.SERVER, DAY.multipliedBy(31)))
        .isInstanceOf(CredentialException.class);
    assertThatThrownBy(() -> issue("db-1")).isInstanceOf(CredentialException.class);
    Files.writeString(folder.resolve("ca/policy.json"), "{");
    assertThatThrownBy(() -> authority.issue("d", web, KeyType.EC_P256, Purpose.SERVER, DAY))
        .isInstanceOf(CredentialException.class);
  }

  private X509Certificate issue(String name) throws Exception {
    return authority
        .issue(name, Subject.node(name), KeyType.EC_P256, Purpose.BOTH, DAY)
        .certificate();
  }

  private X509Certificate issuer() throws Exception {
    return CertificateAuthority.load(folder.resolve("ca"), InstantSource.system()).certificate();
  }

  private X509CRL crl() throws Exception {
    return Certificates.crlFromDer(authority.crl());
  }

  private static InetSocketAddress free() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static VerifierAgentAdd withSerial(TestAgent agent, BigInteger serial) {
    VerifierAgentAdd add = agent.enrolment(Optional.empty(), Optional.empty());
    return new VerifierAgentAdd(
        add.v(),
        add.contact(),
        add.policies(),
        "{\"cert_serial\":" + serial + "}",
        add.revocationKey(),
        add.accept(),
        add.ak(),
        add.mtlsCert(),
        add.version(),
        add.verifier());
  }

  private CertificateStatus status(Endpoint endpoint, X509Certificate certificate)
      throws Exception {
    X509CertificateHolder by =
        new X509CertificateHolder(
            (certificate.getIssuerX500Principal().equals(issuer().getSubjectX500Principal())
                    ? issuer()
                    : identity.trust().authorities().getFirst())
                .getEncoded());
    CertificateID id =
        new CertificateID(
            new BcDigestCalculatorProvider().get(CertificateID.HASH_SHA1),
            by,
            certificate.getSerialNumber());
    byte[] nonce = {4, 4, 1, 2, 3, 4};
    Extension extension =
        new Extension(
            org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, nonce);
    byte[] request =
        new OCSPReqBuilder()
            .addRequest(id)
            .setRequestExtensions(new Extensions(extension))
            .build()
            .getEncoded();
    HttpResponse reply =
        client.exchange(
            endpoint, ClientRequest.of("POST", "/ocsp", "application/ocsp-request", request));
    BasicOCSPResp basic = (BasicOCSPResp) new OCSPResp(reply.body()).getResponseObject();
    assertThat(
            basic.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(issuer().getPublicKey())))
        .isTrue();
    assertThat(basic.getExtension(extension.getExtnId())).isEqualTo(extension);
    return basic.getResponses()[0].getCertStatus() == null
        ? CertificateStatus.GOOD
        : basic.getResponses()[0].getCertStatus();
  }
}
