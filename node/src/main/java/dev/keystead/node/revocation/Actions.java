package dev.keystead.node.revocation;

import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.Audit;
import dev.keystead.node.payload.Delivery;
import dev.keystead.node.payload.PayloadSettings;
import dev.keystead.node.payload.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs revocation actions, one after the other, each with the path of a file that holds the
 * message. One that fails, or is not there, stops those behind it.
 */
final class Actions {
  private static final int MAX_LIST = 64 << 10;
  private static final int MAX_ACTIONS = 64;

  private final ActionSettings settings;
  private final Path payload;
  private final Audit audit;

  /** Looks for delivered actions in {@code payload}. */
  Actions(ActionSettings settings, Path payload, Audit audit) {
    this.settings = settings;
    this.payload = payload;
    this.audit = audit;
  }

  /** Runs all actions on the message in this file. */
  void run(Path message) throws IOException, InterruptedException {
    for (String name : names()) {
      Optional<Path> action = find(name);
      if (action.isEmpty()) {
        audit.refused("action", name + " is in no directory that actions may come from");
      }
      int exit =
          action.isEmpty()
              ? -1
              : Program.run(
                  name,
                  List.of(action.get().toString(), message.toString()),
                  workingDirectory(),
                  settings.time());
      audit.happened(new AgentEvent.ActionRan(name, exit));
      if (exit != 0) {
        return;
      }
    }
  }

  /** The configured names and those of the payload's action_list, on lines or between commas. */
  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>(settings.names());
    Path list = payload.resolve("action_list");
    if (Files.isRegularFile(list, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(PrivateFiles.read(list, MAX_LIST), StandardCharsets.UTF_8);
      for (String name : text.split("[,\\r\\n]+", -1)) {
        String stripped = name.strip();
        if (!stripped.isEmpty()) {
          names.add(stripped);
        }
      }
    }
    if (names.size() > MAX_ACTIONS) {
      throw new IOException(names.size() + " actions, at most " + MAX_ACTIONS + " are run");
    }
    for (String name : names) {
      try {
        PayloadSettings.requirePlain(name);
      } catch (IllegalArgumentException e) {
        throw new IOException("action_list has something that is not a plain name", e);
      }
    }
    return names;
  }

  private Optional<Path> find(String name) throws IOException {
    if (settings.directory().isPresent()) {
      Path action = settings.directory().get().toAbsolutePath().resolve(name);
      if (Files.isRegularFile(action, LinkOption.NOFOLLOW_LINKS) && isSafe(action)) {
        return Optional.of(action);
      }
    }
    Path delivered = payload.resolve(name);
    if (settings.fromPayload() && Files.isRegularFile(delivered, LinkOption.NOFOLLOW_LINKS)) {
      Delivery.makeExecutable(delivered);
      return Optional.of(delivered);
    }
    return Optional.empty();
  }

  /** What others can write to is not run. */
  private static boolean isSafe(Path action) throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(action);
    return !mode.contains(PosixFilePermission.OTHERS_WRITE)
        && !mode.contains(PosixFilePermission.GROUP_WRITE);
  }

  private Path workingDirectory() {
    return Files.isDirectory(payload) ? payload : Path.of("/");
  }
}
