package dev.keystead.node.bootstrap;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.node.secure.PrivateTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Shares that wait, kept in the secure directory so that they outlive the agent's process: a share
 * that was taken with 200 is not sent again. Bounded: beyond {@value #MAX_FILES} shares or {@value
 * #MAX_BYTES} bytes the rest is in memory alone.
 */
final class PendingShares {
  private static final System.Logger LOG = System.getLogger(PendingShares.class.getName());
  private static final int MAX_FILES = 128;
  private static final int MAX_BYTES = 4 << 20;
  private static final Limits LIMITS = Limits.WIRE.withBytes(2 << 20);

  private final Path directory;
  private final Map<Long, Integer> sizes = new HashMap<>();
  private long bytes;

  PendingShares(Path secure) {
    directory = secure.resolve("pending");
  }

  /** Writes a share down, if there is room. */
  void save(long arrival, PostedShare share) {
    byte[] content = write(share);
    try {
      if (sizes.size() < MAX_FILES && bytes + content.length <= MAX_BYTES) {
        PrivateFiles.folder(directory);
        PrivateFiles.write(file(arrival), content);
        sizes.put(arrival, content.length);
        bytes += content.length;
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a share will not outlive a restart, it cannot be written: {0}",
          e.getMessage());
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Forgets a share that is no longer waited for. */
  void remove(long arrival) throws IOException {
    Integer size = sizes.remove(arrival);
    if (size != null) {
      bytes -= size;
      Files.deleteIfExists(file(arrival));
    }
  }

  /**
   * What an earlier process wrote.
   *
   * @param arrival the number under which it is written
   */
  record Stored(long arrival, PostedShare share) {}

  /** All shares that an earlier process wrote, in the order of their arrival. */
  List<Stored> stored() throws IOException {
    List<Stored> shares = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(PendingShares::isShare).sorted().toList()) {
          long arrival = Long.parseLong(file.getFileName().toString());
          read(file).ifPresent(share -> shares.add(new Stored(arrival, share)));
        }
      }
    }
    return shares;
  }

  /** Deletes what an earlier process wrote under this number. */
  void forget(Stored stored) throws IOException {
    Files.deleteIfExists(file(stored.arrival));
  }

  void clear() throws IOException {
    PrivateTree.delete(directory);
    sizes.clear();
    bytes = 0;
  }

  private Path file(long arrival) {
    return directory.resolve("%019d".formatted(arrival));
  }

  private static boolean isShare(Path file) {
    return file.getFileName().toString().matches("[0-9]{19}");
  }

  private static byte[] write(PostedShare share) {
    byte[] secret = share.share().copy();
    JsonObjectBuilder out = Json.object().put("poster", share.poster()).putBytes64("share", secret);
    share
        .owner()
        .ifPresent(
            owner -> out.put("auth_tag", owner.tag().hex()).putBytes64("payload", owner.payload()));
    Arrays.fill(secret, (byte) 0);
    return out.build().toBytes();
  }

  private static Optional<PostedShare> read(Path file) throws IOException {
    try {
      Fields fields = Json.parseObject(PrivateFiles.read(file, LIMITS.bytes()), LIMITS).fields("");
      KeyShare share = KeyShare.adopt(fields.bytes64("share", 32));
      Optional<PostedShare.Owner> owner =
          fields
              .optionalText("auth_tag")
              .map(tag ->
                  new PostedShare.Owner(
                      AuthTag.parse(tag, "auth_tag"), fields.bytes64("payload", Payload.MAX_SIZE)));
      return Optional.of(new PostedShare(fields.text("poster", 128), share, owner));
    } catch (JsonException | WireException e) {
      LOG.log(System.Logger.Level.WARNING, "{0} is damaged: {1}", file, e.getMessage());
      return Optional.empty();
    }
  }
}
