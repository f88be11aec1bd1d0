package dev.keystead.node.host;

import dev.keystead.program.ProgramStatus;
import dev.keystead.tao.Handle;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.kernel.Pidfd;
import dev.keystead.tao.linux.HostedProgram;
import dev.keystead.tao.linux.LinuxHost;
import dev.keystead.tao.linux.Owner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The programs of a Linux host, as administrators and the public socket see them. */
final class LinuxPrograms implements HostPrograms, PublicCallers.Running {
  private static final Owner ADMINISTRATOR = new Owner.Administrator();

  /** The end of a program whose status the kernel did not tell. */
  private static final HostedProgram.End UNKNOWN = new HostedProgram.End(Instant.EPOCH, -1);

  private static final int MAX_OUTPUT = 64 << 10;

  private final LinuxHost host;

  LinuxPrograms(LinuxHost host) {
    this.host = host;
  }

  @Override
  public Handle start(ProgramSpec spec) throws TaoException {
    return host.start(ADMINISTRATOR, spec);
  }

  @Override
  public List<ProgramStatus> list() {
    return host.programs(ADMINISTRATOR).stream().map(LinuxPrograms::status).toList();
  }

  @Override
  public ProgramStatus.Ended stop(Handle handle, Duration grace) throws TaoException {
    return ended(host.stop(ADMINISTRATOR, handle, grace));
  }

  @Override
  public byte[] output(Handle handle) throws TaoException {
    Path file = host.program(ADMINISTRATOR, handle).log();
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      ByteBuffer end = ByteBuffer.allocate((int) Math.min(size, MAX_OUTPUT));
      long from = size - end.capacity();
      while (end.hasRemaining() && channel.read(end, from + end.position()) >= 0) {
        // Until it is full, or the file is shorter than it was.
      }
      return Arrays.copyOf(end.array(), end.position());
    } catch (IOException e) {
      throw new TaoException(Reason.UNAVAILABLE, "the program's output cannot be read", e);
    }
  }

  @Override
  public Optional<Caller.Program> byProcess(Pidfd process) throws IOException {
    return host.identify(process)
        .map(program -> new Caller.Program(program.handle(), program.tao()));
  }

  private static ProgramStatus status(HostedProgram program) {
    Optional<ProgramStatus.Ended> ended =
        program.isRunning()
            ? Optional.empty()
            : Optional.of(ended(program.end().exceptionally(_ -> UNKNOWN).join()));
    return new ProgramStatus(
        program.handle(),
        program.measurement(),
        label(program.spec().program()),
        program.pid(),
        program.spec().identity().uid(),
        program.started(),
        ended);
  }

  private static ProgramStatus.Ended ended(HostedProgram.End end) {
    return new ProgramStatus.Ended(end.at(), end.status());
  }

  private static String label(ProgramSpec.Program program) {
    return switch (program) {
      case ProgramSpec.Executable(Path file) -> file.toString();
      case ProgramSpec.Script(Path _, Path script) -> script.toString();
      case ProgramSpec.Java java -> java.mainClass();
    };
  }
}
