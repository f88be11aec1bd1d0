package dev.keystead.tenant;

import dev.keystead.evidence.json.Json;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.Pem;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.tenant.TenantException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Builds the payload of {@code --cert} (section 5 of the wire, last line). */
final class CertificatePackage {
  /** As {@code keylime_ca} names the one whose key signs revocations. */
  static final String NOTIFIER = "RevocationNotifier";

  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
  private static final Duration LEAF_VALIDITY = Duration.ofDays(365);

  private CertificatePackage() {}

  static PreparedPayload build(Path folder, AgentId id, List<Path> include, InstantSource clock) {
    try {
      CertificateAuthority authority = authority(folder, clock);
      TlsIdentity notifier = notifier(folder, authority);
      // Not RSA, as the others are: making such a key takes longer than all else in an enrolment.
      TlsIdentity node =
          authority.issue(Subject.node(id.value()), KeyType.EC_P256, Purpose.BOTH, LEAF_VALIDITY);
      SequencedMap<String, byte[]> entries = entries(id, node, notifier, authority);
      for (Path file : include) {
        add(entries, file);
      }
      return new PreparedPayload(
          Optional.of(StoredZip.of(entries)),
          metadata(node.certificate()),
          Optional.of(RevocationKey.parse(PrivateKeys.toPem(notifier.key()))));
    } catch (IOException | CredentialException | CRLException e) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the authority in %s cannot be used for agent %s: %s"
              .formatted(folder, id, e.getMessage()),
          e);
    }
  }

  private static CertificateAuthority authority(Path folder, InstantSource clock)
      throws IOException {
    if (CertificateAuthority.isIn(folder)) {
      return CertificateAuthority.load(folder, clock);
    }
    CertificateAuthority authority =
        CertificateAuthority.create(
            "Keystead payload authority", KeyType.RSA_2048, AUTHORITY_VALIDITY, clock);
    authority.save(folder);
    return authority;
  }

  /** One for all agents of the owner, so that each can check revocations of the others. */
  private static TlsIdentity notifier(Path folder, CertificateAuthority authority)
      throws IOException {
    if (Files.exists(folder.resolve(NOTIFIER + "-private.pem"))) {
      return CertificateAuthority.load(folder, NOTIFIER);
    }
    TlsIdentity notifier =
        authority.issue(
            Subject.named(NOTIFIER), KeyType.RSA_2048, Purpose.BOTH, AUTHORITY_VALIDITY);
    CertificateAuthority.save(folder, NOTIFIER, notifier);
    return notifier;
  }

  private static SequencedMap<String, byte[]> entries(
      AgentId id, TlsIdentity node, TlsIdentity notifier, CertificateAuthority authority)
      throws CRLException {
    byte[] crl = authority.crl().getEncoded();
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(id + "-public.pem", ascii(PrivateKeys.toPem(node.certificate().getPublicKey())));
    entries.put(id + "-cert.crt", ascii(Certificates.toPem(node.chain())));
    entries.put(id + "-private.pem", ascii(PrivateKeys.toPem(node.key())));
    entries.put("cacert.crt", ascii(Certificates.toPem(List.of(authority.certificate()))));
    entries.put("cacrl.der", crl);
    entries.put("cacrl.pem", ascii(Pem.encode("X509 CRL", crl)));
    entries.put(NOTIFIER + "-cert.crt", ascii(Certificates.toPem(notifier.chain())));
    return entries;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void add(SequencedMap<String, byte[]> entries, Path file) {
    Path name = file.getFileName();
    if (name == null || !StoredZip.NAME.matcher(name.toString()).matches()) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the file " + file + " cannot be included: its name is not letters, digits, . _ and -");
    }
    byte[] content = InputFile.bytes(file, Payload.MAX_PLAIN, "file to include");
    if (entries.putIfAbsent(name.toString(), content) != null) {
      throw new TenantException(
          Problem.BAD_INPUT,
          "the file %s cannot be included: the package has a %s already".formatted(file, name));
    }
  }

  private static Json.Obj metadata(X509Certificate certificate) {
    return Json.object()
        .put("cert_serial", new Json.Num(certificate.getSerialNumber().toString()))
        .put("subject", certificate.getSubjectX500Principal().getName())
        .build();
  }
}
