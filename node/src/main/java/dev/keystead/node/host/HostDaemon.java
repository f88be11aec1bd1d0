package dev.keystead.node.host;

import dev.keystead.claims.TaoName;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.node.host.setup.CounterStorage;
import dev.keystead.node.host.setup.HostException;
import dev.keystead.node.host.setup.HostSetup;
import dev.keystead.program.HostInfo;
import dev.keystead.program.TaoAddress;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.launch.ContentStore;
import dev.keystead.tao.launch.LaunchLog;
import dev.keystead.tao.launch.PcrRegister;
import dev.keystead.tao.linux.LaunchGuard;
import dev.keystead.tao.linux.LinuxHost;
import dev.keystead.tao.linux.LinuxHostSettings;
import dev.keystead.tpm.Tpm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A host of programs on this machine: its TPM, its programs, and the local API. */
public final class HostDaemon implements AutoCloseable {
  private final Deque<AutoCloseable> parts;
  private final TaoName name;
  private final TaoAddress address;

  private HostDaemon(Deque<AutoCloseable> parts, TaoName name, TaoAddress address) {
    this.parts = parts;
    this.name = name;
    this.address = address;
  }

  /**
   * Starts the host that was set up.
   *
   * @throws HostException when it does not start, with the reason; then nothing of it runs
   */
  public static HostDaemon start(HostConfig config) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return start(config, parts);
    } catch (IOException e) {
      close(parts);
      throw new HostException("the host does not start: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      close(parts);
      throw e;
    }
  }

  private static HostDaemon start(HostConfig config, Deque<AutoCloseable> parts)
      throws IOException {
    TaoAddress address = address(config.socket());
    Path run = config.folder().path().resolve("run");
    PrivateFiles.folder(run);
    parts.push(lock(run.resolve("lock")));
    HostSetup setup = new HostSetup(config.folder(), config.clock());
    Tpm tpm = setup.tpm();
    parts.push(tpm);
    CounterStorage storage = setup.storage(tpm);
    parts.push(storage);
    SoftwareHost core = setup.open(tpm, storage);
    CompletableFuture<HostServer> server = new CompletableFuture<>();
    LaunchLog launches = launches(config, tpm);
    parts.push(launches);
    LinuxHost host = new LinuxHost(core, settings(config, run, launches, server));
    parts.push(host);
    LinuxPrograms programs = new LinuxPrograms(host);
    HostInfo info = new HostInfo(core.name(), Optional.empty(), core.settings().policyKey());
    directory(config.socket());
    HostServer started =
        HostServer.start(
            config.socket(),
            new PublicCallers(programs),
            List.of(new TaoService(), new HostService(info, programs, administrators(config))),
            config.limits());
    parts.pop();
    parts.push(started);
    parts.push(host); // Which ends first: the ends of its programs close their sockets.
    server.complete(started);
    return new HostDaemon(parts, core.name(), address);
  }

  private static LaunchLog launches(HostConfig config, Tpm tpm) {
    try {
      return LaunchLog.open(config.folder().launches(), new PcrRegister(tpm), config.clock());
    } catch (TaoException e) {
      throw new HostException("the launch log: " + e.getMessage(), e);
    }
  }

  private static LinuxHostSettings settings(
      HostConfig config, Path run, LaunchLog launches, CompletableFuture<HostServer> server)
      throws IOException {
    Path logs = config.folder().path().resolve("logs");
    PrivateFiles.folder(logs);
    Files.createDirectories(config.store());
    return new LinuxHostSettings(
        LaunchGuard.administrators(),
        launches,
        uid -> server.join().door(run, uid),
        ContentStore.in(config.store().resolve("images")),
        logs,
        config.clock());
  }

  private static Set<Integer> administrators(HostConfig config) {
    Set<Integer> administrators = new HashSet<>(config.administrators());
    administrators.add(0);
    administrators.add(Kernel.uid());
    return administrators;
  }

  private static TaoAddress address(Path socket) {
    try {
      return new TaoAddress(socket);
    } catch (IllegalArgumentException e) {
      throw new HostException("the socket %s: %s".formatted(socket, e.getMessage()), e);
    }
  }

  /** Others have to get to the socket in it. */
  private static void directory(Path socket) throws IOException {
    Path directory = socket.getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(directory);
    }
  }

  private static AutoCloseable lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new HostException("the host runs already, in this process", e);
    }
    channel.close();
    throw new HostException("the host runs already, in another process");
  }

  /** The host's name. */
  public TaoName name() {
    return name;
  }

  /** Where it listens. */
  public TaoAddress address() {
    return address;
  }

  /** Ends all programs, and the host. */
  @Override
  public void close() {
    close(parts);
  }

  private static void close(Deque<AutoCloseable> parts) {
    RuntimeException failed = new HostException("the host does not end cleanly");
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        failed.addSuppressed(e);
      }
    }
    if (failed.getSuppressed().length > 0) {
      throw failed;
    }
  }
}
