package dev.keystead.tao.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class JavaProgramTest {
  private static final Path JVM = Path.of(System.getProperty("java.home"));

  @TempDir Path folder;

  /** What runs. */
  public static final class Hello {
    private Hello() {}

    /** Says what it has got. */
    public static void main(String[] arguments) throws Exception {
      System.out.println(String.join("|", arguments) + " " + System.getProperty("a"));
      System.out.println("home " + System.getProperty("java.home"));
      Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .map(line -> line.substring(line.indexOf('/') < 0 ? 0 : line.indexOf('/')))
          .filter(line -> line.contains("libc.so") || line.contains("libjvm.so"))
          .distinct()
          .forEach(System.out::println);
    }
  }

  private ProgramSpec spec(Confinement confinement) throws Exception {
    Path jar = folder.resolve("hello.jar");
    String name = Hello.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        InputStream code = Hello.class.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry(name));
      code.transferTo(out);
    }
    return Programs.spec(
        new ProgramSpec.Java(JVM, List.of(jar), Hello.class.getName(), List.of("-Da=b", "-Xmx64m")),
        confinement,
        Map.of(),
        "one",
        "two");
  }

  @Test
  void aJavaProgramRunsOnTheMeasuredJvm() throws Exception {
    try (Programs programs = new Programs(folder)) {
      String output = programs.run(spec(Confinement.BASE));
      assertThat(output).startsWith("one|two b\nhome " + folder.resolve("store"));
      assertThat(output).contains(folder.resolve("store") + "/").contains("libjvm.so");
      assertThat(output).doesNotContain("libc.so").doesNotContain(JVM.toString() + "/");
    }
  }

  @Test
  void anIsolatedJavaProgramRuns() throws Exception {
    try (Programs programs = new Programs(folder)) {
      assertThat(programs.run(spec(Confinement.ISOLATED))).startsWith("one|two b\n");
    }
  }
}
