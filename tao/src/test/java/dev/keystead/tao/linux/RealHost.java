package dev.keystead.tao.linux;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Handle;
import dev.keystead.tao.Machine;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.host.HostSettings;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.launch.ContentStore;
import dev.keystead.tao.launch.LaunchRecord;
import dev.keystead.tpm.TpmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A Linux host on a TPM's host, with real processes; only the sockets lead nowhere. */
final class RealHost implements AutoCloseable {
  static final Owner ADMINISTRATOR = new Owner.Administrator();

  private final Path folder;
  private final Machine machine;
  private final Domain domain;
  private final SealedBlob state;
  private final SoftwareHost core;
  private final LinuxHost linux;

  private RealHost(
      Path folder,
      Machine machine,
      Domain domain,
      Optional<SealedBlob> disk,
      LaunchGuard guard,
      LaunchRecord record)
      throws Exception {
    this.folder = folder;
    this.machine = machine;
    this.domain = domain;
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Tao tpm = machine.boot("linux").host(domain);
    HostSettings settings = domain.settings(tpm.getHostedMeasurement().segment(TaoName.LINUX));
    this.state =
        disk.isPresent()
            ? disk.get()
            : SoftwareHost.create(settings, tpm, new SealPolicy.ThisMeasurement());
    this.core = SoftwareHost.open(settings, tpm, state);
    this.linux =
        new LinuxHost(
            core,
            new LinuxHostSettings(
                guard,
                record,
                _ -> new DeadEnd(Kernel.open(folder, Kernel.O_PATH, 0)),
                ContentStore.in(folder.resolve("store")),
                Files.createDirectories(folder.resolve("logs")),
                domain));
  }

  static RealHost in(Path folder, Domain domain) throws Exception {
    return in(folder, domain, (_, _) -> {}, LaunchRecord.none());
  }

  static RealHost in(Path folder, Domain domain, LaunchGuard guard, LaunchRecord record)
      throws Exception {
    Machine machine = new Machine(Files.createDirectories(folder.resolve("tpm")));
    return new RealHost(folder, machine, domain, Optional.empty(), guard, record);
  }

  RealHost restarted() throws Exception {
    return again(domain);
  }

  RealHost under(Domain other) throws Exception {
    return again(other);
  }

  private RealHost again(Domain owner) throws Exception {
    linux.close();
    return new RealHost(
        folder, machine.reset(), owner, Optional.of(state), (_, _) -> {}, LaunchRecord.none());
  }

  private record DeadEnd(Fd fd) implements ProgramSocket {
    @Override
    public int descriptor() {
      return fd.number();
    }

    @Override
    public void serve(Tao tao) {}

    @Override
    public void close() {
      fd.close();
    }
  }

  LinuxHost linux() {
    return linux;
  }

  SoftwareHost core() {
    return core;
  }

  Path folder() {
    return folder;
  }

  static Identity identity() throws IOException {
    return Kernel.uid() == 0
        ? new Identity(61_235, 61_235, List.of())
        : new Identity(Kernel.uid(), Kernel.gid(), Kernel.groups());
  }

  /** A script for perl, confined as little as possible here. */
  ProgramSpec perl(String code, String... arguments) throws IOException {
    Path script = Files.createTempFile(folder, "script", ".pl");
    Files.writeString(script, "$| = 1; " + code);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
    return new ProgramSpec(
        new ProgramSpec.Script(Path.of("/usr/bin/perl"), script),
        List.of(arguments),
        new TreeMap<>(),
        identity(),
        Kernel.uid() == 0 ? Confinement.BASE : Confinement.NO_EXEC);
  }

  HostedProgram start(ProgramSpec spec) throws TaoException {
    return start(ADMINISTRATOR, spec);
  }

  HostedProgram start(Owner owner, ProgramSpec spec) throws TaoException {
    Handle handle = linux.start(owner, spec);
    return linux.program(owner, handle);
  }

  static void awaitOutput(HostedProgram program, String text) throws Exception {
    while (!Files.readString(program.log()).contains(text)) {
      if (!program.isRunning()) {
        throw new IllegalStateException("it ended: " + Files.readString(program.log()));
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() throws IOException, TpmException {
    linux.close();
    machine.close();
  }
}
