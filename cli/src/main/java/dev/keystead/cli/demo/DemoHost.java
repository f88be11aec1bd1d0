package dev.keystead.cli.demo;

import dev.keystead.node.host.HostConfig;
import dev.keystead.node.host.HostDaemon;
import dev.keystead.node.host.setup.HostFolder;
import dev.keystead.node.host.setup.HostGrant;
import dev.keystead.node.host.setup.HostPlatform;
import dev.keystead.node.host.setup.HostSetup;
import dev.keystead.node.host.setup.OwnerKey;
import dev.keystead.node.secure.PrivateTree;
import dev.keystead.program.HostClient;
import dev.keystead.program.ProgramStatus;
import dev.keystead.tao.Handle;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A host of programs on a machine, and one program on it: a script that keeps a secret. Programs
 * are processes of their own; as root, of the user nobody, who can read only a folder made for
 * them.
 */
final class DemoHost implements AutoCloseable {
  private static final int NOBODY = 65534;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final String KEEPER =
      """
      #!/bin/sh
      # Seals a new secret at its first start, unseals it at every other; tells only its digest.
      set -eu
      if [ -e "$1" ]; then
        secret=$(keystead tao unseal --in "$1")
      else
        secret=$(od -An -N16 -tx1 /dev/urandom)
        printf %s "$secret" | keystead tao seal --out "$1"
      fi
      printf %s "$secret" | sha256sum
      """;

  private final Path programs;
  private final Path script;
  private final Path sealed;
  private final Identity identity;
  private final HostDaemon daemon;
  private final HostClient administrator;

  DemoHost(Path folder) throws IOException {
    boolean root = Kernel.uid() == 0;
    identity =
        root
            ? new Identity(NOBODY, NOBODY, List.of())
            : new Identity(Kernel.uid(), Kernel.gid(), Kernel.groups());
    programs = Files.createTempDirectory("keystead-demo-programs-").toRealPath();
    Files.setPosixFilePermissions(programs, FOLDER);
    script = programs.resolve("keeper.sh");
    Files.writeString(script, KEEPER);
    Path work = Files.createDirectory(programs.resolve("work"));
    sealed = work.resolve("sealed");
    if (root) {
      Files.setAttribute(work, "unix:uid", NOBODY);
    }
    command(root ? reachable(classPath()) : classPath());
    HostFolder kept = new HostFolder(folder.resolve("host"));
    HostSetup setup = new HostSetup(kept, InstantSource.system());
    Owner owner = OwnerKey.open(folder.resolve("owner").resolve("policy-key"));
    HostPlatform platform =
        new HostPlatform(
            new TpmAddress.Embedded(folder.resolve("host-tpm")), HostPlatform.BOOT_PCRS);
    Validity day = Validity.from(InstantSource.system().instant(), Duration.ofDays(1));
    setup.complete(HostGrant.of(setup.request(platform, owner.policyKey()), owner, day));
    daemon =
        HostDaemon.start(
            HostConfig.of(kept, programs.resolve("host.sock"), programs.resolve("store")));
    administrator = HostClient.at(daemon.address());
  }

  /** The host's name. */
  String name() {
    return daemon.name().text();
  }

  /**
   * How a program ended.
   *
   * @param measurement its first digits
   */
  record Ended(String measurement, int code, String output) {}

  /** Starts the script and waits for its end. */
  Ended run() throws TaoException, InterruptedException {
    Handle handle = administrator.start(spec());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      ProgramStatus status = status(handle);
      if (status.ended().isPresent()) {
        String output = new String(administrator.output(handle), StandardCharsets.UTF_8).strip();
        return new Ended(
            status.measurement().hex().substring(0, 12), status.ended().get().code(), output);
      }
      Thread.sleep(100);
    }
    throw new DemoException("the program does not end");
  }

  /** Changes the script by one line that does nothing. */
  void modify() throws IOException {
    Files.writeString(script, "# harmless\n", StandardOpenOption.APPEND);
  }

  private ProgramStatus status(Handle handle) throws TaoException {
    return administrator.list().stream()
        .filter(program -> program.handle().equals(handle))
        .findFirst()
        .orElseThrow(() -> new DemoException("the host does not know its program"));
  }

  private ProgramSpec spec() {
    TreeMap<String, String> environment = new TreeMap<>();
    environment.put("PATH", programs + ":/usr/bin:/bin");
    return new ProgramSpec(
        new ProgramSpec.Script(Path.of("/bin/sh"), script),
        List.of(sealed.toString()),
        environment,
        identity,
        Confinement.BASE);
  }

  /** The command keystead, as the programs run it. */
  private void command(List<Path> classPath) throws IOException {
    String paths = String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList());
    Path command = programs.resolve("keystead");
    Files.writeString(
        command,
        """
        #!/bin/sh
        exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \\
          --sun-misc-unsafe-memory-access=allow -cp '%s' dev.keystead.cli.Main "$@"
        """
            .formatted(Path.of(System.getProperty("java.home"), "bin", "java"), paths));
    Files.setPosixFilePermissions(command, FOLDER);
  }

  private static List<Path> classPath() {
    List<Path> paths = new ArrayList<>();
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      paths.add(Path.of(path).toAbsolutePath());
    }
    return paths;
  }

  /** Copies that another user can read, of jars and of folders of classes. */
  private List<Path> reachable(List<Path> entries) throws IOException {
    Path copies = Files.createDirectory(programs.resolve("lib"));
    Files.setPosixFilePermissions(copies, FOLDER);
    List<Path> copied = new ArrayList<>();
    for (Path entry : entries) {
      if (Files.exists(entry)) {
        Path copy = copies.resolve(copied.size() + (Files.isDirectory(entry) ? "" : ".jar"));
        copy(entry, copy);
        copied.add(copy);
      }
    }
    return copied;
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.toList();
    }
    for (Path file : files) {
      Path copy = Files.copy(file, to.resolve(from.relativize(file).toString()));
      Files.setPosixFilePermissions(
          copy, Files.isDirectory(copy) ? FOLDER : PosixFilePermissions.fromString("r--r--r--"));
    }
  }

  @Override
  public void close() {
    administrator.close();
    daemon.close();
    try {
      PrivateTree.delete(programs);
    } catch (IOException e) {
      throw new DemoException(programs + " is left: " + e.getMessage());
    }
  }
}
