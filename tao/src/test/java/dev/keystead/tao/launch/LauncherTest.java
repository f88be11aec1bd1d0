package dev.keystead.tao.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
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

  private String perl(Confinement confinement, String... lines) throws Exception {
    Path script = programs.script("script.pl", lines);
    return programs.run(
        Programs.spec(Programs.perl(script), confinement, Map.of(), "one", "two words"));
  }

  @Test
  void aStaticProgramRuns() throws Exception {
    assertThat(
            programs.run(Programs.spec(new ProgramSpec.Executable(Programs.STATIC), "--version")))
        .contains("ldconfig")
        .endsWith("[0]");
  }

  @Test
  void aDynamicProgramRunsWithItsMeasuredLibraries() throws Exception {
    ProgramSpec spec =
        Programs.spec(new ProgramSpec.Executable(Path.of("/bin/cat")), "/proc/self/maps");
    String maps = programs.run(spec);
    assertThat(maps).contains("memfd:keystead").endsWith("[0]");
    assertThat(maps).doesNotContain("libc").doesNotContain("/bin/cat").doesNotContain("ld-linux");
  }

  @Test
  void aScriptRunsWithItsArguments() throws Exception {
    assertThat(perl(Confinement.BASE, "print join('|', @ARGV), \"\\n\";"))
        .isEqualTo("one|two words\n[0]");
  }

  @Test
  void theEnvironmentIsTheDeclaredOneAlone() throws Exception {
    ProgramSpec spec =
        Programs.spec(
            new ProgramSpec.Executable(Path.of("/usr/bin/env")),
            Confinement.BASE,
            Map.of("A", "1 = x", "B", ""));
    assertThat(programs.run(spec)).isEqualTo("A=1 = x\nB=\nKEYSTEAD_TAO=unix:/proc/self/fd/3\n[0]");
  }

  @Test
  void itHasItsIdentityAndNoPrivileges() throws Exception {
    String status = perl(Confinement.BASE, "open F, '/proc/self/status'; print <F>;");
    int uid = Programs.UID;
    assertThat(status)
        .contains("Uid:\t%1$d\t%1$d\t%1$d\t%1$d".formatted(uid))
        .contains("CapEff:\t0000000000000000", "CapPrm:\t0000000000000000")
        .contains("CapAmb:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2")
        .contains("SigBlk:\t0000000000000000");
    if (Kernel.uid() == 0) {
      assertThat(status).contains("Groups:\t ", "CapBnd:\t0000000000000000");
    }
  }

  @Test
  void itDumpsNoCore() throws Exception {
    assertThat(perl(Confinement.BASE, "open F, '/proc/self/limits'; print grep /core/, <F>;"))
        .containsPattern("Max core file size +0 +0 +bytes");
  }

  @Test
  void itHasNoOpenFilesOfItsHost() throws Exception {
    String files =
        perl(
            Confinement.BASE,
            "opendir D, '/proc/self/fd'; my @n = sort {$a <=> $b} grep /\\d/, readdir D;",
            "print map { readlink(\"/proc/self/fd/$_\") . \"\\n\" } @n;");
    assertThat(files.lines())
        .allMatch(line ->
            line.equals("/dev/null")
                || line.equals(folder.toString())
                || line.startsWith(folder + "/log")
                || line.startsWith("/memfd:keystead")
                || line.endsWith("/fd")
                || line.equals("[0]"));
  }

  @Test
  void itCannotTraceAnyProcess() throws Exception {
    assertThat(
            perl(
                Confinement.BASE,
                "my $r = syscall(101, 16, getppid(), 0, 0); print \"$r \", $! + 0, ' ';",
                "$r = syscall(310, $$, 0, 0, 0, 0, 0); print \"$r \", $! + 0;"))
        .isEqualTo("-1 1 -1 1[0]");
  }

  @Test
  void aProgramOfTheProfileNoExecStartsAndExecutesNothingElse() throws Exception {
    assertThat(
            perl(
                Confinement.NO_EXEC,
                "exec('/bin/true') or print $! + 0, ' ';",
                "my $e = \"\\0\"; my $p = \"/bin/true\\0\";",
                "syscall(322, -100, $p, 0, 0, 0) and print $! + 0, ' ';",
                "syscall(322, 4, $e, 0, 0, 0x1000) and print $! + 0, ' ';",
                "if (!fork) { exec('/bin/true') or print $! + 0; exit; } wait;"))
        .isEqualTo("1 1 1 1[0]");
  }

  @Test
  void anIsolatedProgramHasNoFilesAndNoNetwork() throws Exception {
    assertThat(
            perl(
                Confinement.ISOLATED,
                "open(F, '/etc/passwd') or print $! + 0, ' ';",
                "open(F, '>/tmp/keystead-test') or print $! + 0, ' ';",
                "syscall(41, 2, 1, 0) == -1 and print $! + 0, ' ';",
                "print syscall(41, 1, 1, 0) >= 0 ? 'unix ' : 'none ';",
                "open(F, '>/dev/null') and print 'null ';",
                "exec('/bin/true') or print $! + 0;"))
        .isEqualTo("13 13 1 unix null 1[0]");
  }

  @Test
  void aProgramDoesNotRunAsRoot() throws Exception {
    ProgramSpec spec =
        new ProgramSpec(
            new ProgramSpec.Executable(Programs.STATIC),
            java.util.List.of(),
            new java.util.TreeMap<>(),
            new ProgramSpec.Identity(0, 0, java.util.List.of()),
            Confinement.BASE);
    assertThatThrownBy(() -> programs.run(spec))
        .isInstanceOf(TaoException.class)
        .hasMessageContaining("root");
  }

  @Test
  void whatCannotBeExecutedIsReportedAndLeavesNoProcess() throws Exception {
    Path broken = folder.resolve("broken");
    byte[] program = Files.readAllBytes(Programs.STATIC);
    program[18] = 3; // for another processor
    Files.write(broken, program);
    assertThatThrownBy(() -> programs.run(Programs.spec(new ProgramSpec.Executable(broken))))
        .isInstanceOf(TaoException.class)
        .hasMessageContaining("x86-64");
  }

  @Test
  void tooLongArgumentsAreReportedByTheKernelAndLeaveNoProcess() throws Exception {
    assertThatThrownBy(() ->
            programs.run(
                Programs.spec(new ProgramSpec.Executable(Programs.STATIC), "x".repeat(200_000))))
        .isInstanceOf(TaoException.class)
        .hasMessageContaining("execveat");
  }
}
