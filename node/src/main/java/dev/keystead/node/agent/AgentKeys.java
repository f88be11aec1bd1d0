package dev.keystead.node.agent;

import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.node.AgentException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The agent's keys outside of the TPM, made once and kept in its work directory (0600).
 *
 * @param payloadKey NK, by which shares reach us
 * @param payloadPrivate its private half
 * @param tls the self-signed identity of our server, which the registrar makes known
 */
record AgentKeys(PayloadKey payloadKey, PrivateKey payloadPrivate, TlsIdentity tls) {
  private static final System.Logger LOG = System.getLogger(AgentKeys.class.getName());
  private static final Duration VALIDITY = Duration.ofDays(3650);
  private static final Duration RENEWAL = Duration.ofDays(30);
  private static final int MAX_PEM = 16 << 10;

  static AgentKeys open(Path work, AgentId id, String contactHost, Instant now) throws IOException {
    PrivateKey payload = payloadPrivate(work.resolve("payload-private.pem"));
    return new AgentKeys(
        PayloadKey.of(publicHalf(payload)), payload, tls(work, id, contactHost, now));
  }

  private static PrivateKey payloadPrivate(Path file) throws IOException {
    if (!Files.exists(file)) {
      PrivateFiles.write(
          file, PrivateKeys.toPem(PrivateKeys.generate(KeyType.RSA_2048).getPrivate()));
    }
    return PrivateKeys.fromPem(
        new String(PrivateFiles.read(file, MAX_PEM), StandardCharsets.US_ASCII));
  }

  private static RSAPublicKey publicHalf(PrivateKey key) {
    if (!(key instanceof RSAPrivateCrtKey rsa)) {
      throw new AgentException("payload-private.pem is not an RSA key");
    }
    try {
      RSAPublicKeySpec spec = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
      return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
    } catch (GeneralSecurityException e) {
      throw new AgentException("payload-private.pem is not usable: " + e.getMessage(), e);
    }
  }

  private static TlsIdentity tls(Path work, AgentId id, String contactHost, Instant now)
      throws IOException {
    Path keyFile = work.resolve("server-private.pem");
    Path certificateFile = work.resolve("server-cert.crt");
    if (Files.exists(keyFile) && Files.exists(certificateFile)) {
      try {
        TlsIdentity kept = TlsIdentity.load(keyFile, certificateFile);
        if (kept.certificate().getNotAfter().toInstant().isAfter(now.plus(RENEWAL))) {
          return kept;
        }
      } catch (CredentialException e) {
        // As when the agent was killed between writing the one and the other.
        LOG.log(System.Logger.Level.WARNING, "a new TLS identity is made: {0}", e.getMessage());
      }
    }
    TlsIdentity fresh =
        SelfSigned.identity(subject(id, contactHost), now.minus(Duration.ofHours(1)), VALIDITY);
    fresh.save(keyFile, certificateFile);
    return fresh;
  }

  private static Subject subject(AgentId id, String contactHost) {
    List<String> names = new ArrayList<>();
    List<InetAddress> addresses = new ArrayList<>();
    try {
      addresses.add(InetAddress.ofLiteral(contactHost));
    } catch (IllegalArgumentException e) {
      names.add(contactHost);
    }
    String commonName = id.value().substring(0, Math.min(64, id.value().length()));
    return new Subject(commonName, names, addresses);
  }
}
