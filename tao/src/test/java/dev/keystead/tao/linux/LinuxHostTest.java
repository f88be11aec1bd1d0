package dev.keystead.tao.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.Domain;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.kernel.Kernel;
import dev.keystead.tao.kernel.Pidfd;
import dev.keystead.tao.launch.LaunchRecord;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxHostTest {
  private static final String CONNECTS =
      "use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0); "
          + "connect($s, pack_sockaddr_un($ARGV[0])) or die $!; ";

  @TempDir Path folder;
  private RealHost host;

  @BeforeEach
  void startHost() throws Exception {
    host = RealHost.in(folder, new Domain());
  }

  @AfterEach
  void stopHost() throws Exception {
    host.close();
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(TaoException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static HostedProgram.End end(HostedProgram program) throws Exception {
    return program.end().get(20, TimeUnit.SECONDS);
  }

  @Test
  void aProgramThatIsNotApprovedDoesNotRun() throws Exception {
    Path marker = folder.resolve("marker");
    Files.createFile(marker);
    Files.setPosixFilePermissions(marker, PosixFilePermissions.fromString("rw-rw-rw-"));
    Measurement other = host.start(host.perl("sleep 600;")).measurement();
    host.close();
    host =
        RealHost.in(
            Files.createDirectory(folder.resolve("guarded")),
            new Domain(),
            LaunchGuard.only(Set.of(other)),
            LaunchRecord.none());
    ProgramSpec spec = host.perl("open F, '>', $ARGV[0]; print F 'ran';", marker.toString());
    assertRefused(Reason.NOT_PERMITTED, () -> host.start(spec));
    assertThat(Files.readString(marker)).isEmpty();
  }

  @Test
  void aProgramThatIsNotWrittenDownDoesNotRun() throws Exception {
    Path marker = folder.resolve("marker");
    Files.createFile(marker);
    Files.setPosixFilePermissions(marker, PosixFilePermissions.fromString("rw-rw-rw-"));
    host.close();
    host =
        RealHost.in(
            Files.createDirectory(folder.resolve("recording")),
            new Domain(),
            (_, _) -> {},
            (_, _) -> {
              throw new TaoException(Reason.UNAVAILABLE, "the disk is full");
            });
    ProgramSpec spec = host.perl("open F, '>', $ARGV[0]; print F 'ran';", marker.toString());
    assertRefused(Reason.UNAVAILABLE, () -> host.start(spec));
    assertThat(Files.readString(marker)).isEmpty();
  }

  @Test
  void aHandleEndsWithItsProgramAndSoDoesItsTao() throws Exception {
    HostedProgram program = host.start(host.perl("sleep 600;"));
    SealedBlob blob = program.tao().seal(new byte[] {1});
    assertThat(host.linux().stop(RealHost.ADMINISTRATOR, program.handle(), Duration.ofSeconds(5)))
        .extracting(HostedProgram.End::status)
        .isEqualTo(128 + Pidfd.TERMINATE);
    assertThat(program.isRunning()).isFalse();
    assertRefused(Reason.NOT_PERMITTED, () -> program.tao().unseal(blob));
    assertRefused(Reason.NOT_PERMITTED, () -> program.tao().getHostedMeasurement());
    assertThat(host.start(program.spec()).tao().unseal(blob)).containsExactly(1);
  }

  @Test
  void aProgramThatDoesNotEndByItselfIsEnded() throws Exception {
    HostedProgram program = host.start(host.perl("$SIG{TERM} = 'IGNORE'; print 'up'; sleep 600;"));
    RealHost.awaitOutput(program, "up");
    assertThat(host.linux().stop(RealHost.ADMINISTRATOR, program.handle(), Duration.ofMillis(200)))
        .extracting(HostedProgram.End::status)
        .isEqualTo(128 + Pidfd.KILL);
  }

  @Test
  void whatItLeavesInItsGroupEndsWithIt() throws Exception {
    HostedProgram program =
        host.start(host.perl("if (my $c = fork) { print \"child $c.\"; sleep 1; exit } sleep 600"));
    end(program);
    String output = Files.readString(program.log());
    String child = output.replaceAll("(?s).*child (\\d+)\\..*", "$1");
    Path process = Path.of("/proc", child, "stat");
    for (int i = 0; i < 100 && Files.exists(process); i++) {
      if (Files.readString(process).contains(") Z ")) {
        break; // dead; whoever has inherited it reaps it
      }
      Thread.sleep(20);
    }
    assertThat(!Files.exists(process) || Files.readString(process).contains(") Z ")).isTrue();
  }

  @Test
  void aProgramThatExecutesAnotherIsRefused() throws Exception {
    if (host.perl("").confinement() == Confinement.NO_EXEC) {
      return; // without root nothing is executed, which LauncherTest shows
    }
    HostedProgram program =
        host.start(host.perl("print 'up'; sleep 1; exec('/bin/sh', '-c', 'echo other; cat');"));
    RealHost.awaitOutput(program, "up");
    assertThat(program.tao().getHostedMeasurement()).isEqualTo(program.measurement());
    RealHost.awaitOutput(program, "other");
    end(program);
    HostedProgram sleeping =
        host.start(host.perl("exec('/bin/sh', '-c', 'echo other; sleep 600');"));
    RealHost.awaitOutput(sleeping, "other");
    assertThat(sleeping.isRunning()).isTrue();
    assertRefused(Reason.NOT_PERMITTED, () -> sleeping.tao().getHostedMeasurement());
    assertRefused(Reason.NOT_PERMITTED, () -> sleeping.tao().attest(new byte[0]));
  }

  @Test
  void eachProcessIsKnownAndNobodyElse() throws Exception {
    HostedProgram one = host.start(host.perl("sleep 600;"));
    HostedProgram other = host.start(host.perl("sleep 601;"));
    try (Pidfd first = Pidfd.open(one.pid());
        Pidfd second = Pidfd.open(other.pid());
        Pidfd test = Pidfd.open((int) ProcessHandle.current().pid())) {
      assertThat(host.linux().identify(first)).contains(one);
      assertThat(host.linux().identify(second)).contains(other);
      assertThat(host.linux().identify(test)).isEmpty();
    }
  }

  @Test
  void aNumberThatIsUsedAgainIsNobodysAnyMore() throws Exception {
    HostedProgram program = host.start(host.perl("print 'up'; sleep 600;"));
    int pid = program.pid();
    try (Pidfd before = Pidfd.open(pid)) {
      assertThat(host.linux().identify(before)).contains(program);
      host.linux().stop(RealHost.ADMINISTRATOR, program.handle(), Duration.ofSeconds(5));
      assertThat(host.linux().identify(before)).isEmpty();
      assertRefused(Reason.NOT_PERMITTED, () -> program.tao().getHostedMeasurement());
      if (Kernel.uid() != 0) {
        return; // nobody else chooses the numbers of processes
      }
      Process impostor = withNumber(pid);
      try (Pidfd after = Pidfd.open(pid)) {
        assertThat(impostor.pid()).isEqualTo(pid);
        assertThat(host.linux().identify(after)).isEmpty();
        assertThat(host.linux().identify(before)).isEmpty();
        assertRefused(Reason.NOT_PERMITTED, () -> program.tao().getHostedMeasurement());
      } finally {
        impostor.destroyForcibly();
      }
    }
  }

  /** A process with this number, made as whoever may choose makes one. */
  private static Process withNumber(int pid) throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), String.valueOf(pid - 1));
      Process process = new ProcessBuilder("sleep", "600").start();
      if (process.pid() == pid) {
        return process;
      }
      process.destroyForcibly().waitFor();
    }
    throw new IllegalStateException("no process got the number " + pid);
  }

  private static Set<String> sockets() throws IOException {
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.filter(
              fd -> {
                try {
                  return Files.readSymbolicLink(fd).toString().startsWith("socket:");
                } catch (IOException e) {
                  return false; // closed meanwhile
                }
              })
          .map(fd -> fd.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private ServerSocketChannel listen(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    return server;
  }

  @Test
  void aConnectionIsOfWhoMadeItHoweverFarItIsPassedOn() throws Exception {
    Path path = folder.resolve("public");
    try (ServerSocketChannel server = listen(path)) {
      HostedProgram program =
          host.start(
              host.perl(
                  CONNECTS + "if (!fork) { setpgrp; print 'child'; sleep 8; exit } sleep 600;",
                  path.toString()));
      Set<String> before = sockets();
      try (SocketChannel connection = server.accept()) {
        Set<String> accepted = sockets();
        accepted.removeAll(before);
        int socket = Integer.parseInt(accepted.iterator().next());
        try (PeerIdentity peer = PeerIdentity.of(socket)) {
          assertThat(host.linux().identify(peer)).contains(program);
          assertThat(peer.uid()).isEqualTo(RealHost.identity().uid());
          RealHost.awaitOutput(program, "child");
          host.linux().stop(RealHost.ADMINISTRATOR, program.handle(), Duration.ofSeconds(5));
          // The child still holds the connection; it is nobody's now.
          assertThat(connection.isOpen()).isTrue();
          assertThat(host.linux().identify(peer)).isEmpty();
          assertRefused(Reason.NOT_PERMITTED, () -> program.tao().getHostedMeasurement());
        }
      }
    }
  }

  @Test
  void aChildOfAProgramIsNotTheProgram() throws Exception {
    Path path = folder.resolve("public");
    try (ServerSocketChannel server = listen(path)) {
      host.start(
          host.perl("if (!fork) { " + CONNECTS + " sleep 600 } sleep 600;", path.toString()));
      Set<String> before = sockets();
      try (SocketChannel connection = server.accept()) {
        Set<String> accepted = sockets();
        accepted.removeAll(before);
        try (PeerIdentity peer = PeerIdentity.of(Integer.parseInt(accepted.iterator().next()))) {
          assertThat(connection.isOpen()).isTrue();
          assertThat(host.linux().identify(peer)).isEmpty();
        }
      }
    }
  }

  @Test
  void aProgramStartsOthersAsItselfAndKnowsThoseAlone() throws Exception {
    HostedProgram program = host.start(host.perl("sleep 600;"));
    HostedProgram foreign = host.start(host.perl("sleep 601;"));
    Owner owner = new Owner.Program(program.handle());
    var handle = program.tao().startHostedProgram(host.perl("sleep 602;"));
    assertThat(host.linux().program(owner, handle).isRunning()).isTrue();
    assertThat(host.linux().programs(owner)).hasSize(1);
    assertRefused(Reason.UNKNOWN_HANDLE, () -> host.linux().program(owner, foreign.handle()));
    assertRefused(
        Reason.UNKNOWN_HANDLE,
        () -> host.linux().stop(owner, foreign.handle(), Duration.ofSeconds(1)));
    assertRefused(
        Reason.UNKNOWN_HANDLE,
        () -> host.linux().program(new Owner.Program(foreign.handle()), handle));
  }

  @Test
  void aProgramStartsNobodyAsSomebodyElseOrLessConfined() throws Exception {
    ProgramSpec spec = host.perl("sleep 600;");
    HostedProgram program =
        host.start(
            new ProgramSpec(
                spec.program(),
                spec.arguments(),
                spec.environment(),
                spec.identity(),
                Confinement.NO_EXEC));
    Identity other =
        new Identity(spec.identity().uid() + 1, spec.identity().gid(), spec.identity().groups());
    assertRefused(
        Reason.NOT_PERMITTED,
        () ->
            program
                .tao()
                .startHostedProgram(
                    new ProgramSpec(
                        spec.program(),
                        List.of(),
                        spec.environment(),
                        other,
                        Confinement.NO_EXEC)));
    assertRefused(
        Reason.NOT_PERMITTED,
        () ->
            program
                .tao()
                .startHostedProgram(
                    new ProgramSpec(
                        spec.program(),
                        List.of(),
                        spec.environment(),
                        spec.identity(),
                        Confinement.BASE)));
  }

  @Test
  void aProgramReadsNoFileThroughItsHostThatItCannotRead() throws Exception {
    HostedProgram program = host.start(host.perl("sleep 600;"));
    ProgramSpec secret = host.perl("sleep 602;");
    Path script = ((ProgramSpec.Script) secret.program()).script();
    var open = program.tao().startHostedProgram(secret);
    assertThat(host.linux().program(RealHost.ADMINISTRATOR, open).isRunning()).isTrue();
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("---------"));
    assertRefused(Reason.NOT_STARTED, () -> program.tao().startHostedProgram(secret));
  }

  @Test
  void whatAProgramWritesIsForTheHostAlone() throws Exception {
    HostedProgram program = host.start(host.perl("print 'something';"));
    end(program);
    assertThat(Files.readString(program.log())).isEqualTo("something");
    assertThat(Files.getPosixFilePermissions(program.log()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }
}
