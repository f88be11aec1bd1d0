package dev.keystead.control.registrar;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.rest.Owners;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.http.tls.TrustedCertificates;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * How a registrar runs.
 *
 * @param plain where agents register over plain HTTP; port 0 takes a free one
 * @param tls where owners, and agents as well, speak TLS; port 0 takes a free one
 * @param identity the server's key and certificate
 * @param owners the authority of client certificates
 * @param names which of them are an owner's
 * @param database the file that holds registrations and ledger
 * @param challengeAge how long an agent has to activate its registration
 * @param admission what is asked of a registration
 * @param clock tells the time
 * @param events is told what was done
 */
public record RegistrarConfig(
    InetSocketAddress plain,
    InetSocketAddress tls,
    TlsIdentity identity,
    TrustedCertificates owners,
    Owners names,
    Path database,
    Duration challengeAge,
    Admission admission,
    InstantSource clock,
    Consumer<ControlEvent> events) {

  /** Ten minutes to activate, any TPM, one id for each, nobody listening. */
  public static RegistrarConfig of(
      InetSocketAddress plain,
      InetSocketAddress tls,
      TlsIdentity identity,
      TrustedCertificates owners,
      Path database) {
    return new RegistrarConfig(
        plain,
        tls,
        identity,
        owners,
        Owners.DEFAULT,
        database,
        Proposals.Limits.DEFAULT.age(),
        Admission.DEFAULT,
        InstantSource.system(),
        event -> {});
  }

  /** The same with a listener. */
  public RegistrarConfig listening(Consumer<ControlEvent> listener) {
    return new RegistrarConfig(
        plain, tls, identity, owners, names, database, challengeAge, admission, clock, listener);
  }

  /** The same with another admission. */
  public RegistrarConfig admitting(Admission admission) {
    return new RegistrarConfig(
        plain, tls, identity, owners, names, database, challengeAge, admission, clock, events);
  }

  /** The same with other owners. */
  public RegistrarConfig ownedBy(Owners owners) {
    return new RegistrarConfig(
        plain,
        tls,
        identity,
        this.owners,
        owners,
        database,
        challengeAge,
        admission,
        clock,
        events);
  }
}
