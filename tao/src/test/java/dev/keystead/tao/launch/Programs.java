package dev.keystead.tao.launch;

import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Real programs of this machine, measured and started. */
final class Programs implements AutoCloseable {
  static final Path SHELL = Path.of("/bin/sh");
  static final Path PERL = Path.of("/usr/bin/perl");

  /** A static program: it says nothing of the loader's files, and exits. */
  static final Path STATIC = Path.of("/sbin/ldconfig");

  /** Nobody's uid, if this can be chosen. */
  static final int UID = Kernel.uid() == 0 ? 61_234 : Kernel.uid();

  private final Path folder;
  private final Launcher launcher;
  private final Measurer measurer;
  private final Fd tao;
  private int logs;

  Programs(Path folder) throws IOException {
    this(folder, policyKey());
  }

  Programs(Path folder, PolicyKey policyKey) throws IOException {
    this.folder = folder;
    open(folder);
    measurer = new Measurer(policyKey);
    launcher = new Launcher(ContentStore.in(folder.resolve("store")));
    tao = Kernel.open(folder, Kernel.O_PATH, 0);
  }

  /** Lets programs of other users pass through a test's folder. */
  private static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static PolicyKey policyKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return PolicyKey.of(generator.generateKeyPair().getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static ProgramSpec spec(ProgramSpec.Program program, String... arguments) {
    return spec(program, Confinement.BASE, Map.of(), arguments);
  }

  static ProgramSpec spec(
      ProgramSpec.Program program,
      Confinement confinement,
      Map<String, String> environment,
      String... arguments) {
    SortedMap<String, String> variables = new TreeMap<>(environment);
    return new ProgramSpec(program, List.of(arguments), variables, identity(), confinement);
  }

  static Identity identity() {
    try {
      return Kernel.uid() == 0
          ? new Identity(UID, UID, List.of())
          : new Identity(UID, Kernel.gid(), Kernel.groups());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static ProgramSpec.Program perl(Path script) {
    return new ProgramSpec.Script(PERL, script);
  }

  Path script(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  /** To be started: a host that is not root does not start what can execute other files. */
  MeasuredProgram measure(ProgramSpec spec) throws TaoException {
    boolean asItIs = Kernel.uid() == 0 || spec.confinement() != Confinement.BASE;
    return measurer.measure(
        asItIs
            ? spec
            : new ProgramSpec(
                spec.program(),
                spec.arguments(),
                spec.environment(),
                spec.identity(),
                Confinement.NO_EXEC));
  }

  String measurement(ProgramSpec spec) throws TaoException {
    try (MeasuredProgram program = measurer.measure(spec)) {
      return program.measurement().hex();
    }
  }

  /** A program that runs, and what it has written. */
  record Running(StartedProgram program, Path log) implements AutoCloseable {
    String output() throws IOException {
      return Files.readString(log);
    }

    /** Waits for its end. */
    String end() throws IOException {
      int status = program.pidfd().reap();
      return output() + "[" + status + "]";
    }

    /** Waits until it has written a text. */
    void awaitOutput(String text) throws IOException, InterruptedException {
      while (!output().contains(text)) {
        if (program.pidfd().hasEnded()) {
          throw new IllegalStateException("it ended: " + output());
        }
        Thread.sleep(20);
      }
    }

    int pid() throws IOException {
      return program.pidfd().pid();
    }

    @Override
    public void close() throws IOException {
      if (program.pidfd().pid() > 0) {
        program.pidfd().signal(dev.keystead.tao.kernel.Pidfd.KILL);
        program.pidfd().reap();
      }
      program.close();
    }
  }

  Running start(MeasuredProgram program) throws IOException, TaoException {
    Path log = folder.resolve("log" + logs++);
    try (Fd out = Kernel.open(log, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_APPEND, 0600)) {
      return new Running(launcher.start(program, tao, out), log);
    }
  }

  Running start(ProgramSpec spec) throws IOException, TaoException {
    try (MeasuredProgram program = measure(spec)) {
      return start(program);
    }
  }

  /** Runs to the end; what it has written and its exit status. */
  String run(ProgramSpec spec) throws IOException, TaoException {
    try (Running running = start(spec)) {
      return running.end();
    }
  }

  @Override
  public void close() {
    tao.close();
  }
}
