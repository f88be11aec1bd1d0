package dev.keystead.node.payload;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.Audit;
import dev.keystead.node.secure.PrivateTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The directory {@code unzipped} below the secure directory, where the services of the node find
 * the bootstrap key, the decrypted payload and, when the payload is a zip archive, its files.
 */
public final class Delivery {
  private static final System.Logger LOG = System.getLogger(Delivery.class.getName());
  private static final String KEY = "derived_tci_key";
  private static final String PAYLOAD = "decrypted_payload";

  private final Path secure;
  private final PayloadSettings settings;
  private final Audit audit;

  /** A delivery below this directory. */
  public Delivery(Path secure, PayloadSettings settings, Audit audit) {
    this.secure = secure;
    this.settings = settings;
    this.audit = audit;
  }

  /** Where everything is. */
  public Path directory() {
    return secure.resolve("unzipped");
  }

  /**
   * Writes all of it or nothing: the directory appears when it is complete. An archive that is not
   * acceptable stays packed and is an audit event; the key and the payload are there all the same.
   *
   * @param payload decrypted; empty when there is none
   * @return how many files and directories were unpacked
   */
  public int write(byte[] key, byte[] payload) throws IOException {
    Path next = secure.resolve("unzipped.next");
    PrivateTree.delete(next);
    PrivateTree.delete(directory());
    PrivateFiles.folder(next);
    int files = unpack(payload, next);
    PrivateTree.create(next.resolve(KEY), key);
    if (payload.length > 0) {
      PrivateTree.create(next.resolve(PAYLOAD), payload);
    }
    Files.move(next, directory(), StandardCopyOption.ATOMIC_MOVE);
    return files;
  }

  private int unpack(byte[] payload, Path into) throws IOException {
    if (!Archive.looksLikeOne(payload)) {
      if (payload.length > 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the payload is no zip archive: it stays one file, and no script runs");
      }
      return 0;
    }
    try {
      Archive archive = Archive.parse(payload, settings.maxUnpacked(), List.of(KEY, PAYLOAD));
      archive.unpackInto(into);
      return archive.size();
    } catch (PayloadException e) {
      audit.refused("payload", String.valueOf(e.getMessage()));
      return 0;
    }
  }

  /** Runs the payload script, if one is configured and was delivered, and waits for its end. */
  public void runScript() throws InterruptedException {
    if (settings.script().isEmpty()) {
      return;
    }
    String name = settings.script().get();
    Path script = directory().resolve(name);
    if (!Files.isRegularFile(script, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int exit;
    try {
      makeExecutable(script);
      exit =
          Program.run(
              name, List.of("/bin/sh", "-c", "./" + name), directory(), settings.scriptTime());
    } catch (IOException e) {
      audit.refused("payload", "the script cannot be made executable: " + e.getMessage());
      exit = -1;
    }
    audit.happened(new AgentEvent.ScriptRan(name, exit));
  }

  /** Mode 0700. */
  public static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }
}
