package dev.keystead.tao.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a measurement is of. */
class MeasurementTest {
  private static final Path JVM = Path.of(System.getProperty("java.home"));

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

  /** The JVM's launcher, with the library that it finds beside itself. */
  private Path launcher() throws IOException {
    Path home = Files.createDirectories(folder.resolve("jvm"));
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    for (String file : List.of("bin/java", "lib/libjli.so")) {
      Files.copy(JVM.resolve(file), home.resolve(file));
    }
    Files.writeString(home.resolve("lib/modules"), "modules");
    return home;
  }

  private Path jar(String name, Manifest manifest) throws IOException {
    Path jar = folder.resolve(name);
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.finish();
    }
    return jar;
  }

  private static Manifest manifest() {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    return manifest;
  }

  private static void changeOneByte(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[content.length - 1] ^= 1;
    Files.write(file, content);
  }

  private String executable(Path file, String... arguments) throws TaoException {
    return programs.measurement(Programs.spec(new ProgramSpec.Executable(file), arguments));
  }

  @Test
  void theSameProgramHasTheSameMeasurementWhereverItLies() throws Exception {
    Path one = Files.copy(Programs.STATIC, folder.resolve("program"));
    Path other =
        Files.copy(Programs.STATIC, Files.createDirectory(folder.resolve("x")).resolve("program"));
    assertThat(executable(one)).isEqualTo(executable(other));
  }

  @Test
  void aChangedByteInTheProgramChangesIt() throws Exception {
    Path program = Files.copy(Programs.STATIC, folder.resolve("program"));
    String before = executable(program);
    changeOneByte(program);
    assertThat(executable(program)).isNotEqualTo(before);
  }

  @Test
  void aChangedByteInALibraryChangesIt() throws Exception {
    Path home = launcher();
    String before = executable(home.resolve("bin/java"));
    changeOneByte(home.resolve("lib/libjli.so"));
    assertThat(executable(home.resolve("bin/java"))).isNotEqualTo(before);
  }

  @Test
  void aChangedByteInAScriptChangesIt() throws Exception {
    Path script = programs.script("script", "exit 0");
    ProgramSpec spec = Programs.spec(new ProgramSpec.Script(Programs.SHELL, script));
    String before = programs.measurement(spec);
    changeOneByte(script);
    assertThat(programs.measurement(spec)).isNotEqualTo(before);
  }

  @Test
  void anotherInterpreterChangesIt() throws Exception {
    Path script = programs.script("script", "exit 0");
    assertThat(programs.measurement(Programs.spec(new ProgramSpec.Script(Programs.SHELL, script))))
        .isNotEqualTo(programs.measurement(Programs.spec(Programs.perl(script))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jvm/lib/modules", "jvm/lib/libjli.so", "jvm/bin/java", "program.jar"})
  void aChangedByteInAJvmOrItsJarsChangesIt(String changed) throws Exception {
    ProgramSpec.Java java =
        new ProgramSpec.Java(
            launcher(), List.of(jar("program.jar", manifest())), "Main", List.of());
    String before = programs.measurement(Programs.spec(java));
    Path file = folder.resolve(changed);
    if (changed.endsWith(".jar")) {
      Manifest other = manifest();
      other.getMainAttributes().putValue("Other", "1");
      jar(changed, other);
    } else {
      changeOneByte(file);
    }
    assertThat(programs.measurement(Programs.spec(java))).isNotEqualTo(before);
  }

  @Test
  void everyDeclaredPartOfAJavaProgramChangesIt() throws Exception {
    Path home = launcher();
    List<Path> jars = List.of(jar("program.jar", manifest()));
    assertThat(
            List.of(
                programs.measurement(
                    Programs.spec(new ProgramSpec.Java(home, jars, "Main", List.of()))),
                programs.measurement(
                    Programs.spec(new ProgramSpec.Java(home, jars, "Main", List.of("-Da=b")))),
                programs.measurement(
                    Programs.spec(new ProgramSpec.Java(home, jars, "Main", List.of("-Da=c")))),
                programs.measurement(
                    Programs.spec(new ProgramSpec.Java(home, jars, "Other", List.of()))),
                programs.measurement(
                    Programs.spec(
                        new ProgramSpec.Java(
                            home, List.of(jars.get(0), jars.get(0)), "Main", List.of())))))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyDeclaredPartChangesIt() throws Exception {
    ProgramSpec.Program program = new ProgramSpec.Executable(Programs.STATIC);
    Identity identity = Programs.identity();
    List<ProgramSpec> different =
        List.of(
            Programs.spec(program),
            Programs.spec(program, "a"),
            Programs.spec(program, "a", ""),
            Programs.spec(program, "", "a"),
            Programs.spec(program, Confinement.NO_EXEC, Map.of()),
            Programs.spec(program, Confinement.ISOLATED, Map.of()),
            Programs.spec(program, Confinement.BASE, Map.of("a", "")),
            Programs.spec(program, Confinement.BASE, Map.of("a", "b")),
            Programs.spec(program, Confinement.BASE, Map.of("a", "", "b", "")),
            as(program, new Identity(identity.uid() + 1, identity.gid(), List.of(7))),
            as(program, new Identity(identity.uid(), identity.gid() + 1, List.of(7))),
            as(program, new Identity(identity.uid(), identity.gid(), List.of(7))),
            as(program, new Identity(identity.uid(), identity.gid(), List.of(7, 8))));
    List<String> measurements = new java.util.ArrayList<>();
    for (ProgramSpec spec : different) {
      measurements.add(programs.measurement(spec));
    }
    assertThat(measurements).doesNotHaveDuplicates();
  }

  private static ProgramSpec as(ProgramSpec.Program program, Identity identity) {
    return new ProgramSpec(program, List.of(), new TreeMap<>(), identity, Confinement.BASE);
  }

  @Test
  void anotherPolicyKeyChangesIt() throws Exception {
    PolicyKey key = Programs.policyKey();
    ProgramSpec spec = Programs.spec(new ProgramSpec.Executable(Programs.STATIC));
    try (MeasuredProgram one = new Measurer(key).measure(spec);
        MeasuredProgram same = new Measurer(key).measure(spec);
        MeasuredProgram other = new Measurer(Programs.policyKey()).measure(spec)) {
      assertThat(one.measurement()).isEqualTo(same.measurement());
      assertThat(one.measurement()).isNotEqualTo(other.measurement());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "LD_AUDIT",
        "JAVA_TOOL_OPTIONS",
        "_JAVA_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "KEYSTEAD_TAO"
      })
  void aVariableThatBringsCodeAlongIsRefused(String variable) {
    assertThatThrownBy(() ->
            programs.measurement(
                Programs.spec(
                    new ProgramSpec.Executable(Programs.STATIC),
                    Confinement.BASE,
                    Map.of(variable, "/tmp/evil.so"))))
        .isInstanceOfSatisfying(
            TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_STARTED))
        .hasMessageContaining(variable);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-javaagent:/tmp/evil.jar",
        "-agentpath:/tmp/evil.so",
        "-agentlib:jdwp=transport=dt_socket",
        "-Xbootclasspath/a:/tmp/evil.jar",
        "-cp",
        "/tmp/evil.jar",
        "--module-path=/tmp",
        "--patch-module=java.base=/tmp/evil",
        "--upgrade-module-path=/tmp",
        "-XX:Flags=/tmp/evil",
        "-XX:VMOptionsFile=/tmp/evil",
        "-XX:SharedArchiveFile=/tmp/evil.jsa",
        "-XX:AOTCache=/tmp/evil.aot",
        "-XX:OnOutOfMemoryError=/tmp/evil",
        "@/tmp/evil",
        "-jar"
      })
  void anOptionOfAJvmThatBringsCodeAlongIsRefused(String option) throws Exception {
    ProgramSpec.Java java =
        new ProgramSpec.Java(
            launcher(), List.of(jar("program.jar", manifest())), "Main", List.of(option));
    assertThatThrownBy(() -> programs.measurement(Programs.spec(java)))
        .isInstanceOf(TaoException.class)
        .hasMessageContaining("option");
  }

  @Test
  void aJarThatNamesFurtherJarsIsRefused() throws Exception {
    Manifest manifest = manifest();
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "evil.jar");
    ProgramSpec.Java java =
        new ProgramSpec.Java(launcher(), List.of(jar("program.jar", manifest)), "Main", List.of());
    assertThatThrownBy(() -> programs.measurement(Programs.spec(java)))
        .isInstanceOf(TaoException.class)
        .hasMessageContaining("further jars");
  }
}
