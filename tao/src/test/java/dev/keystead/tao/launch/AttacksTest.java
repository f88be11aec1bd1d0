package dev.keystead.tao.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.kernel.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody without root tries against a program, and what a program tries by itself. */
class AttacksTest {
  /** Prints for each way into the process of a pid whether it is open. */
  private static final String PEER =
      """
      my $pid = $ARGV[0];
      sub said { print "$_[0]=", ($_[1] ? 'open' : 'closed'), "\\n"; }
      open(my $maps, '<', "/proc/$pid/maps");
      my ($start) = $maps ? (grep { /rw/ } <$maps>)[0] =~ /^([0-9a-f]+)/ : ();
      my $address = hex($start // '400000');
      my ($mem, $byte);
      said('mem', open($mem, '<', "/proc/$pid/mem") && sysseek($mem, $address, 0)
          && sysread($mem, $byte, 1));
      my $buffer = "\\0" x 8;
      my $local = pack('QQ', unpack('Q', pack('p', $buffer)), 8);
      my $remote = pack('QQ', $address, 8);
      said('process_vm_readv', syscall(310, $pid + 0, $local, 1, $remote, 1, 0) == 8);
      said('maps', defined($start));
      said('fd', opendir(my $fd, "/proc/$pid/fd"));
      my $pidfd = syscall(434, $pid + 0, 0);
      said('pidfd_getfd', syscall(438, $pidfd, 0, 0) >= 0);
      said('ptrace', syscall(101, 16, $pid + 0, 0, 0) == 0);
      """;

  @TempDir Path folder;
  private Programs programs;

  @BeforeEach
  void makePrograms() throws IOException {
    programs = new Programs(folder);
  }

  @AfterEach
  void closePrograms() {
    programs.close();
  }

  /** Runs a program outside of any host, as the user that hosted programs run as here. */
  private static Process asSameUser(String... command) throws IOException {
    List<String> all = new ArrayList<>();
    if (Kernel.uid() == 0) {
      String uid = String.valueOf(Programs.UID);
      all.addAll(List.of("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"));
    }
    all.addAll(List.of(command));
    return new ProcessBuilder(all).redirectErrorStream(true).start();
  }

  private List<String> peerOf(long pid) throws Exception {
    Process peer = asSameUser("perl", "-e", PEER, String.valueOf(pid));
    String found = new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    peer.waitFor();
    return found.lines().toList();
  }

  @Test
  void aPeerOfTheSameUserGetsIntoAProcessThatNoHostHasStarted() throws Exception {
    Process process = asSameUser("sh", "-c", "echo up; exec sleep 60");
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("up");
      Thread.sleep(100); // until it is sleep
      assertThat(peerOf(process.pid()))
          .containsExactly(
              "mem=open",
              "process_vm_readv=open",
              "maps=open",
              "fd=open",
              "pidfd_getfd=open",
              "ptrace=open");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aPeerOfTheSameUserDoesNotGetIntoAHostedProgram() throws Exception {
    Path script = programs.script("script", "$| = 1; print 'up'; sleep 60;");
    try (Programs.Running running = programs.start(Programs.spec(Programs.perl(script)))) {
      running.awaitOutput("up");
      assertThat(peerOf(running.pid()))
          .containsExactly(
              "mem=closed",
              "process_vm_readv=closed",
              "maps=closed",
              "fd=closed",
              "pidfd_getfd=closed",
              "ptrace=closed");
    }
  }

  @Test
  void aScriptSwappedAfterMeasuringDoesNotRun() throws Exception {
    Path script = programs.script("script", "print 'measured';");
    try (MeasuredProgram program = programs.measure(Programs.spec(Programs.perl(script)))) {
      Files.writeString(script, "print 'swapped';");
      try (Programs.Running running = programs.start(program)) {
        assertThat(running.end()).isEqualTo("measured[0]");
      }
    }
  }

  @Test
  void aProgramSwappedAfterMeasuringDoesNotRun() throws Exception {
    Path file = Files.copy(Path.of("/bin/echo"), folder.resolve("program"));
    try (MeasuredProgram program =
        programs.measure(Programs.spec(new ProgramSpec.Executable(file), "measured"))) {
      Files.copy(Path.of("/bin/false"), file, StandardCopyOption.REPLACE_EXISTING);
      try (Programs.Running running = programs.start(program)) {
        assertThat(running.end()).isEqualTo("measured\n[0]");
      }
    }
  }

  @Test
  void notEvenTheHostChangesAMeasuredImage() throws Exception {
    Path file = Files.copy(Path.of("/bin/echo"), folder.resolve("program"));
    try (MeasuredProgram program =
        programs.measure(Programs.spec(new ProgramSpec.Executable(file)))) {
      Path image = Path.of(program.code().opened().get(0).fd().path());
      assertThatThrownBy(() -> Files.write(image, new byte[] {1}, StandardOpenOption.WRITE))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Files.newByteChannel(image, StandardOpenOption.WRITE).truncate(0))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aProgramThatExecutesAnotherIsNotItselfAnyMore() throws Exception {
    if (Kernel.uid() != 0) {
      return; // without root no program executes another, which LauncherTest shows
    }
    Path script =
        programs.script(
            "script",
            "$| = 1; print 'up'; sleep 1; exec('/bin/sh', '-c', 'echo other; sleep 60');");
    try (Programs.Running running = programs.start(Programs.spec(Programs.perl(script)))) {
      running.awaitOutput("up");
      assertThat(running.program().isUnchanged()).isTrue();
      running.awaitOutput("other");
      assertThat(running.program().isUnchanged()).isFalse();
    }
  }

  @Test
  void aCopyOfItsOwnInterpreterIsAnotherFile() throws Exception {
    if (Kernel.uid() != 0) {
      return; // without root no program executes another, which LauncherTest shows
    }
    Path script =
        programs.script(
            "script", "$| = 1; exec('/usr/bin/perl', '-e', '$| = 1; print \"again\"; sleep 60');");
    try (Programs.Running running = programs.start(Programs.spec(Programs.perl(script)))) {
      running.awaitOutput("again");
      assertThat(running.program().isUnchanged()).isFalse();
    }
  }

  @Test
  void aProgramThatHasEndedIsNotItselfAnyMore() throws Exception {
    Path script = programs.script("script", "exit 3;");
    try (Programs.Running running = programs.start(Programs.spec(Programs.perl(script)))) {
      assertThat(running.end()).isEqualTo("[3]");
      assertThat(running.program().isUnchanged()).isFalse();
    }
  }
}
