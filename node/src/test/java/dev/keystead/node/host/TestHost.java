package dev.keystead.node.host;

import dev.keystead.node.host.setup.HostFolder;
import dev.keystead.node.host.setup.HostGrant;
import dev.keystead.node.host.setup.HostPlatform;
import dev.keystead.node.host.setup.HostSetup;
import dev.keystead.node.host.setup.OwnerKey;
import dev.keystead.program.HostClient;
import dev.keystead.program.HostedTao;
import dev.keystead.program.TaoAddress;
import dev.keystead.tao.Handle;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A host on a TPM of its own, and an administrator of it. */
final class TestHost implements AutoCloseable {
  private static final int NOBODY = 65534;

  final Owner owner;
  final HostClient administrator;
  private final HostFolder folder;
  private final HostConfig config;
  private final HostDaemon daemon;

  TestHost(Path directory) {
    folder = new HostFolder(directory.resolve("host"));
    owner = OwnerKey.open(directory.resolve("owner"));
    HostSetup setup = new HostSetup(folder, InstantSource.system());
    var platform =
        new HostPlatform(new TpmAddress.Embedded(directory.resolve("tpm")), HostPlatform.BOOT_PCRS);
    setup.complete(HostGrant.of(setup.request(platform, owner.policyKey()), owner, day()));
    config = HostConfig.of(folder, directory.resolve("socket"), directory.resolve("store"));
    daemon = HostDaemon.start(config);
    administrator = HostClient.at(daemon.address());
  }

  static Validity day() {
    return Validity.from(InstantSource.system().instant(), Duration.ofDays(1));
  }

  HostConfig config() {
    return config;
  }

  TaoAddress address() {
    return daemon.address();
  }

  /** A program that does nothing for ten minutes. */
  static ProgramSpec idle(Path image) {
    return program(image, List.of("600"));
  }

  static ProgramSpec program(Path image, List<String> arguments) {
    int uid = Kernel.uid() == 0 ? NOBODY : Kernel.uid();
    int gid = Kernel.uid() == 0 ? NOBODY : Kernel.gid();
    return new ProgramSpec(
        new ProgramSpec.Executable(image),
        arguments,
        new TreeMap<>(),
        new Identity(uid, gid, Kernel.uid() == 0 ? List.of() : ownGroups()),
        Confinement.BASE);
  }

  private static List<Integer> ownGroups() {
    try {
      return Kernel.groups();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A program, and its way to the host, of which this process has the descriptor too. */
  record Started(Handle handle, TaoAddress door) {
    HostedTao tao() {
      return HostedTao.at(door);
    }
  }

  Started start(ProgramSpec spec) throws TaoException, IOException {
    Set<Integer> before = doors();
    Handle handle = administrator.start(spec);
    Set<Integer> after = doors();
    after.removeAll(before);
    return new Started(handle, TaoAddress.ofDescriptor(after.iterator().next()));
  }

  /** The descriptors of sockets that had a name in the host's directory. */
  private Set<Integer> doors() throws IOException {
    Set<Integer> doors = new TreeSet<>();
    String door = folder.path().resolve("run") + "/[0-9a-f]{16}.*";
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : open.toList()) {
        if (target(descriptor).matches(door)) {
          doors.add(Integer.parseInt(descriptor.getFileName().toString()));
        }
      }
    }
    return doors;
  }

  /** What a descriptor stands for; nothing, when it was closed meanwhile. */
  private static String target(Path descriptor) throws IOException {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (NoSuchFileException closed) {
      return "";
    }
  }

  @Override
  public void close() {
    administrator.close();
    daemon.close();
  }
}
