package dev.keystead.node.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.node.AgentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where secrets may rest. Work directories are on disk, in the module's target folder. */
class SecureDirectoryTest {
  private static final long SIZE = 1 << 20;
  private static final Path MEMORY = Path.of("/dev/shm");

  private Path work = Path.of("");

  @BeforeEach
  void makeWorkDirectory() throws IOException {
    work = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "work");
  }

  @AfterEach
  void removeWorkDirectory() throws IOException {
    PrivateTree.delete(work);
  }

  @Test
  void aDirectoryOnDiskIsRefused() {
    Path disk = work.resolve("disk");
    assertThatThrownBy(() -> SecureDirectory.open(work, Optional.of(disk), SIZE))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("not on a tmpfs");
    assertThat(disk).doesNotExist();
  }

  @Test
  void anExistingDirectoryOnDiskIsRefused() throws IOException {
    Path disk = Files.createDirectory(work.resolve("disk"));
    Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> SecureDirectory.open(work, Optional.of(disk), SIZE))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("not on a tmpfs");
  }

  @Test
  void aLinkToATmpfsIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(work.resolve("link"), MEMORY);
    assertThatThrownBy(() -> SecureDirectory.open(work, Optional.of(link), SIZE))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("not a directory");
  }

  @Test
  void aTmpfsDirectoryThatOthersCanReadIsRefused() throws IOException {
    Path open = MEMORY.resolve("keystead-test-" + UUID.randomUUID());
    Files.createDirectory(open);
    try {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
      assertThatThrownBy(() -> SecureDirectory.open(work, Optional.of(open), SIZE))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("has mode rwxr-xr-x");
    } finally {
      PrivateTree.delete(open);
    }
  }

  @Test
  void withoutATmpfsNothingIsOpened() {
    Path noMount = work.resolve("no-mount-here");
    assertThatThrownBy(() -> SecureDirectory.remembered(work, List.of(noMount, work)))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("there is no tmpfs for secrets");
  }

  @Test
  void aFreshDirectoryIsFoundAgainAfterARestart() throws IOException {
    SecureDirectory first = SecureDirectory.remembered(work, List.of(MEMORY));
    try {
      assertThat(first.path()).startsWith(MEMORY);
      assertThat(Files.getPosixFilePermissions(first.path()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      SecureDirectory again = SecureDirectory.remembered(work, List.of(MEMORY));
      assertThat(again.path()).isEqualTo(first.path());
    } finally {
      first.remove();
    }
    assertThat(first.path()).doesNotExist();
  }

  @Test
  void aRememberedDirectoryThatBecameALinkIsRefused() throws IOException {
    SecureDirectory first = SecureDirectory.remembered(work, List.of(MEMORY));
    first.remove();
    Files.createSymbolicLink(first.path(), work);
    try {
      assertThatThrownBy(() -> SecureDirectory.remembered(work, List.of(MEMORY)))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("not a directory");
    } finally {
      Files.delete(first.path());
    }
  }

  @Test
  void byDefaultItIsOnATmpfsAndTheSameAfterARestart() {
    SecureDirectory first = SecureDirectory.open(work, Optional.empty(), SIZE);
    try {
      assertThat(SecureDirectory.open(work, Optional.empty(), SIZE).path()).isEqualTo(first.path());
      assertThat(first.path()).satisfies(path -> assertThat(holders(path)).isNotEmpty());
    } finally {
      first.remove();
    }
  }

  private static List<Mount> holders(Path path) throws IOException {
    return Mount.all().stream()
        .filter(Mount::isTmpfs)
        .filter(mount -> {
          try {
            return mount.holds(path);
          } catch (IOException e) {
            return false;
          }
        })
        .toList();
  }
}
