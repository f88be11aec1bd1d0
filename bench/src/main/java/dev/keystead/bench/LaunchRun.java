package dev.keystead.bench;

import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.kernel.ChildProcess;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.Pidfd;
import dev.keystead.tao.launch.ContentStore;
import dev.keystead.tao.launch.Launcher;
import dev.keystead.tao.launch.MeasuredProgram;
import dev.keystead.tao.launch.Measurer;
import dev.keystead.tao.launch.StartedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What measuring and confining a program costs over a bare clone and exec of it and the hashing of
 * its bytes. The program is static, says one thing and ends; its end is waited for in both.
 */
final class LaunchRun {
  private static final Path PROGRAM = Path.of("/sbin/ldconfig");
  private static final int WARM_UP = 200;
  private static final int RUNS = 200;

  /** A seccomp filter that allows everything. */
  private static final byte[] ALLOW = {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f};

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  private LaunchRun() {}

  static void run() throws Exception {
    try (BenchFolder folder = BenchFolder.make();
        Fd nothing = Kernel.open(Path.of("/dev/null"), Kernel.O_RDWR, 0);
        Fd image = Kernel.open(PROGRAM, Kernel.O_RDONLY, 0)) {
      byte[] content = Files.readAllBytes(PROGRAM);
      Measurer measurer = new Measurer(policyKey());
      Launcher launcher = new Launcher(ContentStore.in(folder.path().resolve("store")));
      ProgramSpec spec = spec();
      Spread bare = times(() -> bare(image, nothing));
      Spread hash = times(() -> MessageDigest.getInstance("SHA-256").digest(content));
      Spread whole = times(() -> measured(measurer, launcher, spec, nothing));
      Spread sum =
          times(() ->
              new ProcessBuilder("sha256sum", PROGRAM.toString())
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor());
      Main.line("%nStart of a static program of %,d bytes to its end", content.length);
      Main.line("  clone and exec alone      %s", bare);
      Main.line("  SHA-256 of its bytes      %s", hash);
      Main.line("  measured and confined     %s", whole);
      Main.line("  (sha256sum as a process   %s)", sum);
      Main.line(
          "  over clone, exec and hash: %.2f ms; target: at most 5",
          whole.median() - bare.median() - hash.median());
    }
  }

  private static Spread times(Work work) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      work.run();
    }
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      work.run();
      times.add(Duration.ofNanos(System.nanoTime() - start));
    }
    return Spread.of(times.stream());
  }

  private static void bare(Fd image, Fd nothing) throws IOException {
    ChildProcess child =
        new ChildProcess(
            image,
            List.of("program", "--version"),
            List.of(),
            List.of(nothing, nothing, nothing),
            Kernel.uid(),
            Kernel.gid(),
            Kernel.groups(),
            Optional.empty(),
            ALLOW,
            0);
    try (Pidfd process = child.start()) {
      process.reap();
    }
  }

  private static void measured(Measurer measurer, Launcher launcher, ProgramSpec spec, Fd nothing)
      throws Exception {
    try (MeasuredProgram program = measurer.measure(spec);
        StartedProgram started = launcher.start(program, nothing, nothing)) {
      started.pidfd().reap();
    }
  }

  private static ProgramSpec spec() throws IOException {
    Identity identity =
        Kernel.uid() == 0
            ? new Identity(65_534, 65_534, List.of())
            : new Identity(Kernel.uid(), Kernel.gid(), Kernel.groups());
    return new ProgramSpec(
        new ProgramSpec.Executable(PROGRAM),
        List.of("--version"),
        new TreeMap<>(),
        identity,
        Confinement.NO_EXEC);
  }

  private static PolicyKey policyKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return PolicyKey.of(generator.generateKeyPair().getPublic().getEncoded());
  }
}
