package dev.keystead.tao.launch;

import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.kernel.ChildProcess;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Inode;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.Landlock;
import dev.keystead.tao.kernel.Pidfd;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts measured programs, each with its own identity, environment and confinement. */
public final class Launcher {
  /** Options of every JVM. Behind the declared ones, so that these hold. */
  private static final List<String> JVM_OPTIONS =
      List.of("-XX:+DisableAttachMechanism", "-XX:-UsePerfData");

  private static final List<Path> READABLE_WHEN_ISOLATED =
      List.of(
          Path.of("/proc"),
          Path.of("/sys/fs/cgroup"),
          Path.of("/dev/zero"),
          Path.of("/dev/random"),
          Path.of("/dev/urandom"));
  private static final Path NULL = Path.of("/dev/null");

  private final ContentStore store;
  private final SecureRandom random = new SecureRandom();

  /** Keeps the JVMs and jars of Java programs in {@code store}. */
  public Launcher(ContentStore store) {
    this.store = store;
  }

  /**
   * Starts a program.
   *
   * @param tao becomes the program's file descriptor {@value Inherited#TAO}
   * @param log becomes its standard output and standard error
   * @throws TaoException NOT_STARTED when it does not run exactly as it was measured and declared
   */
  public StartedProgram start(MeasuredProgram program, Fd tao, Fd log) throws TaoException {
    ProgramSpec spec = program.spec();
    try (Fd nothing = Kernel.open(NULL, Kernel.O_RDWR, 0)) {
      requireIdentity(spec);
      List<Path> placed = new ArrayList<>();
      List<String> arguments = arguments(program, placed);
      List<Fd> inherited = new ArrayList<>(List.of(nothing, log, log, tao));
      program.code().opened().forEach(file -> inherited.add(file.fd()));
      program.script().ifPresent(file -> inherited.add(file.fd()));
      Fd image = program.code().executed().fd().duplicate(0);
      try {
        Inode inode = Kernel.inode(image);
        Pidfd process = start(spec, image, arguments, inherited, placed);
        return new StartedProgram(process, image, inode, canExec(spec));
      } catch (IOException | RuntimeException | Error e) {
        image.close();
        throw e;
      }
    } catch (IOException e) {
      throw new TaoException(
          Reason.NOT_STARTED, "the program cannot be started: " + e.getMessage(), e);
    }
  }

  private Pidfd start(
      ProgramSpec spec, Fd image, List<String> arguments, List<Fd> inherited, List<Path> placed)
      throws IOException {
    boolean isolated = spec.confinement() == Confinement.ISOLATED;
    long secret = random.nextLong();
    List<String> environment = new ArrayList<>();
    spec.environment().forEach((name, value) -> environment.add(name + "=" + value));
    environment.add(Inherited.TAO_VARIABLE + "=" + Inherited.TAO_TARGET);
    Optional<Fd> landlock = Optional.empty();
    if (isolated) {
      placed.addAll(READABLE_WHEN_ISOLATED);
      landlock = Optional.of(Landlock.ruleset(placed, List.of(NULL)));
    }
    try {
      return new ChildProcess(
              image,
              arguments,
              environment,
              inherited,
              spec.identity().uid(),
              spec.identity().gid(),
              spec.identity().groups(),
              landlock,
              SyscallFilter.of(canExec(spec), !isolated, secret),
              secret)
          .start();
    } finally {
      landlock.ifPresent(Fd::close);
    }
  }

  private static boolean canExec(ProgramSpec spec) {
    return spec.confinement() == Confinement.BASE;
  }

  private static void requireIdentity(ProgramSpec spec) throws IOException {
    Identity identity = spec.identity();
    int own = Kernel.uid();
    if (identity.uid() == 0) {
      throw new IOException("a hosted program does not run as root");
    }
    if (own != 0
        && (identity.uid() != own
            || identity.gid() != Kernel.gid()
            || !identity.groups().stream().sorted().toList().equals(Kernel.groups()))) {
      throw new IOException("a host that is not root starts programs of its own user and groups");
    }
    if (own != 0 && canExec(spec)) {
      throw new IOException(
          "a host that is not root does not see what its programs execute: confine them more");
    }
  }

  private List<String> arguments(MeasuredProgram program, List<Path> placed) throws IOException {
    ProgramSpec spec = program.spec();
    String name = Declared.name(spec.program());
    List<String> arguments = new ArrayList<>();
    Optional<Path> path = Optional.empty();
    if (program.java().isPresent() && spec.program() instanceof ProgramSpec.Java java) {
      MeasuredProgram.JavaParts parts = program.java().get();
      store.requireReachable();
      Path runtime = store.runtime(parts.runtime(), parts.runtimeDigest());
      placed.add(runtime);
      List<String> classPath = new ArrayList<>();
      for (Jar jar : parts.jars()) {
        Path copy = store.jar(jar);
        placed.add(copy);
        classPath.add(copy.toString());
      }
      arguments.addAll(java.options());
      arguments.addAll(JVM_OPTIONS);
      arguments.addAll(List.of("-cp", String.join(":", classPath), java.mainClass()));
      path = Optional.of(runtime.resolve("bin/java"));
    }
    if (program.script().isPresent()) {
      arguments.add(Inherited.path(Inherited.FILES + program.code().opened().size()));
    }
    arguments.addAll(spec.arguments());
    return program.code().arguments(name, path, Inherited.FILES, arguments);
  }
}
