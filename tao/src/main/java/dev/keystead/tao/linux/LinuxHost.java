package dev.keystead.tao.linux;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.host.HostView;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.FileAccess;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.Pidfd;
import dev.keystead.tao.launch.Launcher;
import dev.keystead.tao.launch.MeasuredProgram;
import dev.keystead.tao.launch.Measurer;
import dev.keystead.tao.launch.StartedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The report's TrOS: starts programs on Linux, each measured, each as its own process, and is the
 * Tao of each. Programs are known by their processes (pidfd) and by the sockets that they
 * inherited, never by a number or a name. Safe for several threads.
 */
public final class LinuxHost implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LinuxHost.class.getName());
  private static final int LOG_MODE = 0600;
  private static final Duration LAST_WAIT = Duration.ofSeconds(10);

  private final SoftwareHost core;
  private final LinuxHostSettings settings;
  private final Measurer measurer;
  private final Launcher launcher;
  private final ProgramTable table = new ProgramTable();
  private final ExitWatch exits;
  private final SecureRandom random = new SecureRandom();

  /**
   * A host without programs.
   *
   * @param core attests and seals for the programs
   */
  public LinuxHost(SoftwareHost core, LinuxHostSettings settings) throws IOException {
    this.core = core;
    this.settings = settings;
    this.measurer = new Measurer(core.settings().policyKey());
    this.launcher = new Launcher(settings.store());
    this.exits = new ExitWatch();
  }

  /**
   * Measures a program, asks whether it may run, writes it down, and starts it.
   *
   * @return its handle, good for its owner and for administrators
   */
  public Handle start(Owner owner, ProgramSpec spec) throws TaoException {
    if (owner instanceof Owner.Program(Handle handle)) {
      requireNoMore(spec, table.running(handle).program().spec());
    }
    try (MeasuredProgram program = measured(owner, spec)) {
      settings.guard().require(owner, program.measurement());
      return start(owner, program);
    }
  }

  /** A program starts others as itself, and no less confined. */
  private static void requireNoMore(ProgramSpec spec, ProgramSpec own) throws TaoException {
    if (!spec.identity().equals(own.identity())
        || spec.confinement().compareTo(own.confinement()) < 0) {
      throw new TaoException(
          Reason.NOT_PERMITTED, "a program starts others as its own user, as confined as itself");
    }
  }

  /** The host reads everything; a program shall not through it. */
  private MeasuredProgram measured(Owner owner, ProgramSpec spec) throws TaoException {
    if (owner instanceof Owner.Administrator) {
      return measurer.measure(spec);
    }
    Identity identity = spec.identity();
    try {
      MeasuredProgram program =
          FileAccess.as(
              identity.uid(), identity.gid(), identity.groups(), () -> measurer.measure(spec));
      try {
        program.takeOver();
        return program;
      } catch (IOException e) {
        program.close();
        throw e;
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TaoException refused) {
        throw refused;
      }
      throw new TaoException(Reason.NOT_STARTED, "the program cannot be measured", e);
    } catch (IOException e) {
      throw new TaoException(Reason.NOT_STARTED, "the program cannot be measured", e);
    }
  }

  private Handle start(Owner owner, MeasuredProgram program) throws TaoException {
    Handle handle = Handle.fresh(random);
    Measurement measurement = program.measurement();
    ProgramSpec spec = program.spec();
    Path output = settings.logs().resolve(handle.hex() + ".log");
    int flags = Kernel.O_WRONLY | Kernel.O_APPEND | Kernel.O_CREAT | Kernel.O_NOFOLLOW;
    ProgramSocket socket = open(spec);
    try (Fd log = Kernel.open(output, flags, LOG_MODE)) {
      settings.record().launching(measurement, spec);
      // The socket's descriptor stays the socket's: it is not closed here.
      StartedProgram started = launcher.start(program, new Fd(socket.descriptor()), log);
      try {
        HostView view =
            core.hosted(
                measurement.segment(TaoName.PROGRAM),
                child -> start(new Owner.Program(handle), child));
        RunningProgram running =
            table.add(
                handle, owner, spec, measurement, output, settings.clock(), started, socket, view);
        socket.serve(running.program().tao());
        exits.add(started.pidfd(), () -> ended(running));
        return handle;
      } catch (IOException | RuntimeException | Error e) {
        table.remove(handle);
        started.kill();
        throw e;
      }
    } catch (IOException e) {
      socket.close();
      throw new TaoException(Reason.NOT_STARTED, "the program cannot be started", e);
    } catch (TaoException | RuntimeException | Error e) {
      socket.close();
      throw e;
    }
  }

  private ProgramSocket open(ProgramSpec spec) throws TaoException {
    try {
      return settings.sockets().open(spec.identity().uid());
    } catch (IOException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the program's socket cannot be opened", e);
    }
  }

  private void ended(RunningProgram running) {
    try {
      table.end(running, settings.clock().instant());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the end of a program cannot be taken note of", e);
    }
  }

  /** The program that made a connection; empty when it is none of this host's. */
  public Optional<HostedProgram> identify(PeerIdentity peer) throws IOException {
    return identify(peer.pidfd());
  }

  /** The program whose process this is; empty when it is none of this host's. */
  public Optional<HostedProgram> identify(Pidfd process) throws IOException {
    return table.byProcess(process);
  }

  /**
   * A program by its handle.
   *
   * @throws TaoException UNKNOWN_HANDLE when it is not this owner's
   */
  public HostedProgram program(Owner owner, Handle handle) throws TaoException {
    return table.find(owner, handle);
  }

  /** The owner's programs, all of them for administrators, and the last that have ended. */
  public List<HostedProgram> programs(Owner owner) {
    return table.all(owner);
  }

  /**
   * Asks a program to end (SIGTERM), and ends it when it has not within the grace period.
   *
   * @throws TaoException UNKNOWN_HANDLE when it is not this owner's
   */
  public HostedProgram.End stop(Owner owner, Handle handle, Duration grace) throws TaoException {
    HostedProgram program = table.find(owner, handle);
    try {
      table.signal(handle, Pidfd.TERMINATE);
      Optional<HostedProgram.End> end = await(program, grace);
      if (end.isPresent()) {
        return end.get();
      }
      table.signal(handle, Pidfd.KILL);
      return await(program, LAST_WAIT)
          .orElseThrow(
              () -> new TaoException(Reason.UNAVAILABLE, "the program does not end when killed"));
    } catch (IOException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the program cannot be ended", e);
    }
  }

  private static Optional<HostedProgram.End> await(HostedProgram program, Duration time)
      throws TaoException {
    try {
      return Optional.of(program.end().get(time.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaoException(Reason.UNAVAILABLE, "interrupted", e);
    } catch (ExecutionException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the program's end is not known", e);
    }
  }

  /** Ends all programs. */
  @Override
  public void close() throws IOException {
    for (HostedProgram program : table.all(new Owner.Administrator())) {
      if (program.isRunning()) {
        table.signal(program.handle(), Pidfd.KILL);
      }
    }
    for (HostedProgram program : table.all(new Owner.Administrator())) {
      try {
        await(program, LAST_WAIT);
      } catch (TaoException e) {
        throw new IOException("a program does not end", e);
      }
    }
    exits.close();
  }
}
