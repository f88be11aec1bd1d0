package dev.keystead.tenant.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final String TABLE =
      """
      22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw
      23 22 0:5 / /boot/efi rw - vfat /dev/sda2 rw
      24 22 0:6 / /home rw - ext4 /dev/sda3 rw
      25 22 0:7 / /img rw - btrfs /dev/sdb rw
      26 25 0:8 / /img/data rw - btrfs /dev/sdc rw
      27 25 0:9 / /img/with\\040space rw master:3 - tmpfs tmpfs rw
      """;

  @Test
  void fileSystemsOfAnotherTypeBelowAFolderAreForeign() throws IOException {
    assertThat(MountTable.parse(TABLE).foreignBelow(Path.of("/")))
        .containsExactlyInAnyOrder(
            Path.of("/boot/efi"),
            Path.of("/img"),
            Path.of("/img/data"),
            Path.of("/img/with space"));
  }

  @Test
  void theTypeThatCountsIsTheFoldersOwn() throws IOException {
    assertThat(MountTable.parse(TABLE).foreignBelow(Path.of("/img/")))
        .containsExactly(Path.of("/img/with space"));
  }

  @Test
  void aTableThatCannotBeReadIsRefused() {
    assertThatThrownBy(() -> MountTable.parse("22 1 8:1 /\n")).isInstanceOf(IOException.class);
  }
}
