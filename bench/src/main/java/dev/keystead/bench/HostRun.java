package dev.keystead.bench;

import dev.keystead.node.host.HostConfig;
import dev.keystead.node.host.HostDaemon;
import dev.keystead.node.host.setup.HostFolder;
import dev.keystead.node.host.setup.HostGrant;
import dev.keystead.node.host.setup.HostPlatform;
import dev.keystead.node.host.setup.HostSetup;
import dev.keystead.node.host.setup.OwnerKey;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Seal and unseal of 32 bytes over a program's own socket, wall-clock time of a call in a hosted
 * Java program that is a process of its own. The host is this process.
 */
final class HostRun {
  private static final int NOBODY = 65534;
  private static final double TARGET_MICROS = 60;

  private HostRun() {}

  static void run() throws Exception {
    try (BenchFolder folder = BenchFolder.make();
        BenchFolder store = BenchFolder.make()) {
      Files.setPosixFilePermissions(store.path(), PosixFilePermissions.fromString("rwx--x--x"));
      HostFolder kept = new HostFolder(folder.path().resolve("host"));
      HostSetup setup = new HostSetup(kept, InstantSource.system());
      Owner owner = OwnerKey.open(folder.path().resolve("owner"));
      HostPlatform platform =
          new HostPlatform(
              new TpmAddress.Embedded(folder.path().resolve("tpm")), HostPlatform.BOOT_PCRS);
      Validity day = Validity.from(InstantSource.system().instant(), Duration.ofDays(1));
      setup.complete(HostGrant.of(setup.request(platform, owner.policyKey()), owner, day));
      HostConfig config = HostConfig.of(kept, folder.path().resolve("socket"), store.path());
      try (HostDaemon daemon = HostDaemon.start(config);
          HostClient host = HostClient.at(daemon.address())) {
        report(output(host, host.start(program())));
      }
    }
  }

  private static ProgramSpec program() throws IOException {
    boolean root = Kernel.uid() == 0;
    List<Path> jars = new ArrayList<>();
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      jars.add(Path.of(path).toRealPath());
    }
    return new ProgramSpec(
        new ProgramSpec.Java(
            Path.of(System.getProperty("java.home")).toRealPath(),
            jars,
            SealLoop.class.getName(),
            List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED")),
        List.of(),
        new TreeMap<>(),
        root
            ? new Identity(NOBODY, NOBODY, List.of())
            : new Identity(Kernel.uid(), Kernel.gid(), Kernel.groups()),
        Confinement.BASE);
  }

  private static String output(HostClient host, Handle handle)
      throws TaoException, InterruptedException {
    while (true) {
      for (ProgramStatus status : host.list()) {
        if (status.handle().equals(handle) && status.ended().isPresent()) {
          return new String(host.output(handle), StandardCharsets.UTF_8);
        }
      }
      Thread.sleep(200);
    }
  }

  private static void report(String output) {
    Main.line("%nSeal and unseal of 32 bytes over a program's socket");
    for (String name : List.of("seal", "unseal")) {
      double[] medians =
          output
              .lines()
              .filter(line -> line.startsWith(name + " "))
              .mapToDouble(line -> Double.parseDouble(line.split(" ", -1)[1]))
              .sorted()
              .toArray();
      if (medians.length == 0) {
        throw new IllegalStateException("the program measured nothing: " + output);
      }
      double median = medians[medians.length / 2];
      Main.line(
          "  %-7s median of slices' medians %.1f us, least %.1f, most %.1f; target %.0f: %s",
          name,
          median,
          medians[0],
          medians[medians.length - 1],
          TARGET_MICROS,
          median <= TARGET_MICROS ? "met" : "MISSED");
    }
  }
}
