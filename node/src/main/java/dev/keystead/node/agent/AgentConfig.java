package dev.keystead.node.agent;

import dev.keystead.http.Endpoint;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.node.AgentListener;
import dev.keystead.node.embedded.EmbeddedTpm;
import dev.keystead.node.embedded.TpmMaker;
import dev.keystead.node.identity.KeyAlgorithms;
import dev.keystead.node.payload.PayloadSettings;
import dev.keystead.node.revocation.ActionSettings;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.transport.TpmAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How an agent is set up.
 *
 * @param name under which id it registers
 * @param work its directory (0700) for what outlives a restart
 * @param tpm where its TPM is
 * @param keys which keys it uses in the TPM
 * @param hash the PCR bank that is quoted, and the hash that quotes are signed with
 * @param listen address and port to listen on; port 0 takes a free one
 * @param contactHost how verifier and tenant reach it: an address or name
 * @param registrar where it registers
 * @param clients PEM file of the authorities whose certificates may speak to it
 * @param logs the measurement lists
 * @param payload what may be done with a payload
 * @param actions what is run on revocations
 * @param secure where secrets rest
 * @param registration pauses between tries to register
 * @param listener hears what it does
 * @param clock decides what is fresh
 */
public record AgentConfig(
    AgentName name,
    Path work,
    Tpm tpm,
    KeyAlgorithms keys,
    HashAlg hash,
    Listen listen,
    String contactHost,
    Endpoint registrar,
    Path clients,
    Logs logs,
    PayloadSettings payload,
    ActionSettings actions,
    Secure secure,
    Retry registration,
    AgentListener listener,
    InstantSource clock) {

  /**
   * Where the TPM is.
   *
   * @param maker the directory of the maker that certifies an embedded TPM at its first use; none
   *     leaves it without an endorsement certificate
   * @param owner the authorization value of its owner hierarchy; empty where nobody set one
   */
  public record Tpm(TpmAddress address, Optional<Path> maker, Secret owner) {
    /** Nobody set a value for the owner hierarchy. */
    public Tpm(TpmAddress address, Optional<Path> maker) {
      this(address, maker, Secret.empty());
    }

    /** Opens it; an embedded one with a maker is certified for these keys at its first use. */
    public dev.keystead.tpm.Tpm open(KeyAlgorithms keys) throws TpmException {
      if (address instanceof TpmAddress.Embedded(Path directory) && maker.isPresent()) {
        return EmbeddedTpm.open(directory, TpmMaker.open(maker.get()), keys);
      }
      return address.open();
    }
  }

  /** Where to listen. */
  public record Listen(InetAddress address, int port) {}

  /**
   * The logs that go with quotes; one that is not there is not sent.
   *
   * @param ima the kernel's ASCII list, or a file like it
   * @param boot the firmware's event log
   * @param emulateIma whether PCR 10 follows the IMA list by our own extending, for a machine whose
   *     kernel does not
   * @param launches the log of the programs that a host on this machine has started
   */
  public record Logs(Path ima, Path boot, boolean emulateIma, Optional<Path> launches) {
    /** The logs of a machine without a host of programs. */
    public Logs(Path ima, Path boot, boolean emulateIma) {
      this(ima, boot, emulateIma, Optional.empty());
    }

    /** The same with a host's log. */
    public Logs withLaunches(Path log) {
      return new Logs(ima, boot, emulateIma, Optional.of(log));
    }

    /** The kernel's own. */
    public static final Logs KERNEL =
        new Logs(
            Path.of("/sys/kernel/security/ima/ascii_runtime_measurements"),
            Path.of("/sys/kernel/security/tpm0/binary_bios_measurements"),
            false);
  }

  /**
   * The secure directory.
   *
   * @param directory on a tmpfs; without one a tmpfs is mounted or a private directory of one taken
   * @param size bytes of a tmpfs that is mounted
   * @param removeOnStop whether a stop of the agent forgets what was bootstrapped
   */
  public record Secure(Optional<Path> directory, long size, boolean removeOnStop) {
    /** 32 MiB, kept when the agent stops. */
    public static final Secure DEFAULT = new Secure(Optional.empty(), 32 << 20, false);
  }

  /** The first pause, which doubles up to the longest. */
  public record Retry(Duration first, Duration longest) {
    /** From half a second to half a minute. */
    public static final Retry DEFAULT = new Retry(Duration.ofMillis(500), Duration.ofSeconds(30));
  }

  /**
   * An agent with Keylime's defaults: P-256, SHA-256, port 9002, an embedded TPM in the work
   * directory, the kernel's logs.
   */
  public static AgentConfig of(
      AgentName name, Path work, String contactHost, Endpoint registrar, Path clients) {
    // Checked here, so that nothing is started for an address that no registrar takes.
    var _ = new ContactAddress(contactHost, 9002);
    return new AgentConfig(
        name,
        work,
        new Tpm(new TpmAddress.Embedded(work.resolve("tpm")), Optional.empty()),
        KeyAlgorithms.ECC_P256,
        HashAlg.SHA256,
        new Listen(InetAddress.ofLiteral("0.0.0.0"), 9002),
        contactHost,
        registrar,
        clients,
        Logs.KERNEL,
        PayloadSettings.DEFAULT,
        ActionSettings.DEFAULT,
        Secure.DEFAULT,
        Retry.DEFAULT,
        AgentListener.none(),
        InstantSource.system());
  }

  /** With another TPM. */
  public AgentConfig with(Tpm value) {
    return new AgentConfig(
        name,
        work,
        value,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        actions,
        secure,
        registration,
        listener,
        clock);
  }

  /** With other keys and bank. */
  public AgentConfig with(KeyAlgorithms algorithms, HashAlg bank) {
    return new AgentConfig(
        name,
        work,
        tpm,
        algorithms,
        bank,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        actions,
        secure,
        registration,
        listener,
        clock);
  }

  /** Listening elsewhere. */
  public AgentConfig with(Listen value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        value,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        actions,
        secure,
        registration,
        listener,
        clock);
  }

  /** With other logs. */
  public AgentConfig with(Logs value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        value,
        payload,
        actions,
        secure,
        registration,
        listener,
        clock);
  }

  /** With other use of payloads. */
  public AgentConfig with(PayloadSettings value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        value,
        actions,
        secure,
        registration,
        listener,
        clock);
  }

  /** With other actions on revocations. */
  public AgentConfig with(ActionSettings value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        value,
        secure,
        registration,
        listener,
        clock);
  }

  /** With another secure directory. */
  public AgentConfig with(Secure value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        actions,
        value,
        registration,
        listener,
        clock);
  }

  /** With other pauses between tries to register. */
  public AgentConfig with(Retry value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        actions,
        secure,
        value,
        listener,
        clock);
  }

  /** With somebody who listens. */
  public AgentConfig with(AgentListener value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        actions,
        secure,
        registration,
        value,
        clock);
  }

  /** With another clock. */
  public AgentConfig with(InstantSource value) {
    return new AgentConfig(
        name,
        work,
        tpm,
        keys,
        hash,
        listen,
        contactHost,
        registrar,
        clients,
        logs,
        payload,
        actions,
        secure,
        registration,
        listener,
        value);
  }
}
