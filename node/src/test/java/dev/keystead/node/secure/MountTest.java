package dev.keystead.node.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel's mount table, with what an unprivileged user can put into it. */
class MountTest {
  private static final String TMPFS =
      "42 27 0:39 / /var/lib/keystead/secure rw,nosuid shared:1 master:2 - tmpfs keystead rw,size=1k";

  @Test
  void aLineIsReadByItsFields() throws IOException {
    List<Mount> mounts = Mount.parse(TMPFS + "\n");
    assertThat(mounts).containsExactly(new Mount(0, 39, "/", "/var/lib/keystead/secure", "tmpfs"));
    assertThat(mounts.getFirst().isAt(Path.of("/var/lib/keystead/secure"))).isTrue();
  }

  @Test
  void aSourceThatCallsItselfTmpfsIsNotBelieved() throws IOException {
    Mount fuse =
        Mount.parse("50 27 0:44 / /var/lib/keystead/secure rw - fuse.evil tmpfs rw,user_id=1000")
            .getFirst();
    assertThat(fuse.isTmpfs()).isFalse();
  }

  @Test
  void aMountPointThatHoldsAWholeLineIsOnePath() throws IOException {
    Mount mount =
        Mount.parse("50 27 0:44 / /tmp/x\\040-\\040tmpfs\\040y rw - fuse.evil s rw").getFirst();
    assertThat(mount.mountPoint()).isEqualTo("/tmp/x - tmpfs y");
    assertThat(mount.isTmpfs()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "42 27 0:39 / /a rw",
        "42 27 0:39 / /a rw - tmpfs",
        "42 27 x:39 / /a rw - tmpfs none rw",
        "42 27 0 / /a rw - tmpfs none rw",
        "42 27 0:39 / /a\\04 rw - tmpfs none rw",
        "42 27 0:39 / /a\\999 rw - tmpfs none rw"
      })
  void aLineThatCannotBeReadEndsTheReading(String line) {
    assertThatThrownBy(() -> Mount.parse(line)).isInstanceOf(IOException.class);
  }

  @Test
  void theTableOfThisMachineIsRead() throws IOException {
    assertThat(Mount.all()).anyMatch(mount -> mount.isAt(Path.of("/proc")));
    assertThat(Mount.all()).anyMatch(mount -> mount.isTmpfs());
  }
}
