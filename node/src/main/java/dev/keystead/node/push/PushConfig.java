package dev.keystead.node.push;

import dev.keystead.http.Endpoint;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.node.AgentListener;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a push agent is set up.
 *
 * @param name under which id it registers
 * @param work its directory (0700) for what outlives a restart
 * @param tpm where its TPM is
 * @param keys which keys it uses in the TPM
 * @param hash the PCR bank that is quoted, and the hash that quotes are signed with
 * @param contact is registered; nobody speaks to it
 * @param registrar where it registers
 * @param verifier where it brings its evidence, over TLS
 * @param logs the measurement lists
 * @param registration pauses between tries to register
 * @param retry pauses between tries to attest
 * @param shortest pause between two attestations, whatever the verifier wants
 * @param listener hears what it does
 */
public record PushConfig(
    AgentName name,
    Path work,
    AgentConfig.Tpm tpm,
    KeyAlgorithms keys,
    HashAlg hash,
    ContactAddress contact,
    Endpoint registrar,
    Endpoint verifier,
    AgentConfig.Logs logs,
    AgentConfig.Retry registration,
    AgentConfig.Retry retry,
    Duration shortest,
    AgentListener listener) {

  /** Refuses a verifier without TLS: tokens are for it alone. */
  public PushConfig {
    if (verifier.tls().isEmpty()) {
      throw new IllegalArgumentException("a verifier is spoken to over TLS");
    }
  }

  /** With P-256, SHA-256, an embedded TPM in the work directory, and the kernel's logs. */
  public static PushConfig of(
      AgentName name, Path work, ContactAddress contact, Endpoint registrar, Endpoint verifier) {
    return new PushConfig(
        name,
        work,
        new AgentConfig.Tpm(new TpmAddress.Embedded(work.resolve("tpm")), Optional.empty()),
        KeyAlgorithms.ECC_P256,
        HashAlg.SHA256,
        contact,
        registrar,
        verifier,
        AgentConfig.Logs.KERNEL,
        AgentConfig.Retry.DEFAULT,
        new AgentConfig.Retry(Duration.ofSeconds(1), Duration.ofSeconds(60)),
        Duration.ofSeconds(1),
        AgentListener.none());
  }

  /** With another TPM, other keys and bank. */
  public PushConfig with(AgentConfig.Tpm where, KeyAlgorithms algorithms, HashAlg bank) {
    return new PushConfig(
        name,
        work,
        where,
        algorithms,
        bank,
        contact,
        registrar,
        verifier,
        logs,
        registration,
        retry,
        shortest,
        listener);
  }

  /** With other logs. */
  public PushConfig with(AgentConfig.Logs value) {
    return new PushConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        contact,
        registrar,
        verifier,
        value,
        registration,
        retry,
        shortest,
        listener);
  }

  /** With other pauses between tries to attest. */
  public PushConfig with(AgentConfig.Retry value) {
    return new PushConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        contact,
        registrar,
        verifier,
        logs,
        registration,
        value,
        shortest,
        listener);
  }

  /** With somebody who listens. */
  public PushConfig with(AgentListener value) {
    return new PushConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        contact,
        registrar,
        verifier,
        logs,
        registration,
        retry,
        shortest,
        value);
  }
}
