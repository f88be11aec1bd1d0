package dev.keystead.control.migration;

import dev.keystead.control.migration.Item.Fate;
import dev.keystead.control.migration.Item.Kind;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.Pem;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.PrivateKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes over a Keylime installation. Its databases are opened for reading only, and none of its
 * files is changed: it can be started again as it was.
 *
 * @param from what is taken over
 * @param to a folder of ours; {@code cv_ca}, {@code registrar.db} and {@code verifier.db} in it
 *     must not be there before the switch
 */
public record Migration(Installation from, Path to, InstantSource clock) {
  private static final String IDENTITY = "cv_ca";
  private static final List<String> PARTS =
      List.of(IDENTITY, Destination.Stores.REGISTRAR, Destination.Stores.VERIFIER);

  /**
   * The dry run: looks at everything, decides what becomes of it, and writes nothing.
   *
   * @throws MigrationException when it cannot be taken over at all
   */
  public Report survey() {
    KeylimeIdentity.Opened identity = from.identity().open();
    return with(identity(identity), Survey.read(from, Destination.NONE));
  }

  /**
   * The switch: does what the dry run says, whole or not at all.
   *
   * @param leaveRefused goes on without what cannot be taken
   * @throws MigrationException when something is refused, when Keylime's servers still answer, and
   *     when there is something in the way
   * @throws IOException if the folder cannot be written
   */
  public Report apply(boolean leaveRefused) throws IOException {
    requireSilent();
    requireFree();
    Report dry = survey();
    long refused = dry.count(Fate.REFUSED);
    if (refused > 0 && !leaveRefused) {
      throw new MigrationException(
          refused + " things cannot be taken, and would be missed; nothing was done");
    }
    PrivateFiles.folder(to);
    Path fresh = to.resolve(".taking-over-" + ProcessHandle.current().pid());
    PrivateFiles.folder(fresh);
    try {
      return takeOver(fresh);
    } finally {
      delete(fresh);
    }
  }

  private Report takeOver(Path fresh) throws IOException {
    KeylimeIdentity.Opened identity = from.identity().open();
    save(identity, fresh.resolve(IDENTITY));
    Report report;
    try (Destination.Stores stores = new Destination.Stores(fresh, clock)) {
      report = with(identity(identity), Survey.read(from, stores));
    }
    for (String part : PARTS) {
      Files.move(fresh.resolve(part), to.resolve(part), StandardCopyOption.ATOMIC_MOVE);
    }
    WayBack.open(to, from, report, clock);
    return report;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Requires that nobody listens where Keylime's servers did. */
  void requireSilent() {
    for (int port : from.ports()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      } catch (IOException e) {
        continue;
      }
      throw new MigrationException("a server still answers on port " + port + ": stop it first");
    }
  }

  private void requireFree() {
    for (String part : PARTS) {
      if (Files.exists(to.resolve(part))) {
        throw new MigrationException(
            to.resolve(part) + " is there already: take over into a folder without it");
      }
    }
  }

  private static Report with(Item identity, Report rows) {
    List<Item> items = new ArrayList<>(List.of(identity));
    items.addAll(rows.items());
    return new Report(items, rows.source());
  }

  private Item identity(KeylimeIdentity.Opened opened) {
    String name = opened.authority().certificate().getSubjectX500Principal().getName();
    return Item.changed(
        Kind.IDENTITY,
        name,
        "its key is kept in ca-private.pem (0600) and no longer under a password; keys that it made"
            + " for agents stay where they are");
  }

  /** Writes the folder that our servers open. */
  private void save(KeylimeIdentity.Opened opened, Path folder) throws IOException {
    PrivateFiles.folder(folder);
    opened.authority().save(folder.resolve("ca-private.pem"), folder.resolve("cacert.crt"));
    PrivateFiles.write(
        folder.resolve("ca-public.pem"),
        PrivateKeys.toPem(opened.authority().certificate().getPublicKey()));
    PrivateFiles.write(folder.resolve("cacrl.der"), opened.crl());
    PrivateFiles.write(folder.resolve("cacrl.pem"), Pem.encode("X509 CRL", opened.crl()));
    CertificateAuthority.save(folder, "server", opened.server());
    CertificateAuthority.save(folder, "client", opened.client());
    try {
      var _ = CertificateAuthority.load(folder, clock).trust();
    } catch (CredentialException e) {
      throw new MigrationException("the authority cannot be used: " + e.getMessage(), e);
    }
  }
}
