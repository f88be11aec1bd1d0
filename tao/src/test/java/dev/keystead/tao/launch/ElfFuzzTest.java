package dev.keystead.tao.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.tao.kernel.Fd;
import dev.keystead.tao.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, it is read or refused, and nothing else. */
class ElfFuzzTest {
  private static ElfFile read(byte[] bytes) throws IOException {
    try (Fd file = Kernel.memfd("elf", false);
        FileChannel channel =
            FileChannel.open(
                Path.of(file.path()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      return ElfFile.read(channel);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void anyFile(byte[] bytes) {
    try {
      assertThat(read(bytes).needed()).hasSizeLessThanOrEqualTo(256);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Test
  void aProgramThatIsCutShortIsReadOrRefused() throws Exception {
    byte[] program = Files.readAllBytes(Path.of("/bin/cat"));
    ElfFile whole = read(program);
    assertThat(whole.needed()).contains("libc.so.6");
    assertThat(whole.interpreter()).contains("/lib64/ld-linux-x86-64.so.2");
    for (int size = 0; size < 4096; size += 63) {
      byte[] cut = Arrays.copyOf(program, size);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(IOException.class);
    }
  }
}
