package dev.keystead.tao.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import java.util.Arrays;

/** No bytes unseal, and no bytes are a release, but those that were made so. */
class SealFuzzTest {
  private static final Sealer SEALER = Seals.sealer();

  @FuzzTest(maxDuration = "60s")
  void blob(byte[] bytes) {
    BlobHeader.parse(bytes)
        .ifPresent(
            header -> assertThat(header.write(0)).isEqualTo(Arrays.copyOf(bytes, header.size())));
    if (bytes.length == 0) {
      return;
    }
    try {
      SEALER.unseal(Seals.PROGRAM, new SealedBlob(bytes));
      throw new AssertionError("bytes that were never sealed have been unsealed");
    } catch (TaoException e) {
      assertThat(e.reason()).isEqualTo(TaoException.Reason.NOT_UNSEALED);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void release(byte[] bytes) {
    try {
      Release release = Release.verify(bytes);
      throw new AssertionError("a release of " + release.publisher() + " out of nothing");
    } catch (CredentialException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
