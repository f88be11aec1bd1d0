package dev.keystead.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.http.tls.KeyType;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.node.AgentException;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotes of a TPM that others use too. */
class QuoteSourceTest {
  private static final byte[] NONCE = {1, 2, 3};
  private static final PayloadKey NK =
      PayloadKey.of((RSAPublicKey) PrivateKeys.generate(KeyType.RSA_2048).getPublic());

  @TempDir Path directory;

  @Test
  void aKeyThatWasFlushedIsLoadedAgain() throws Exception {
    try (Tpm tpm = open();
        TpmIdentity identity = identity(tpm)) {
      QuoteSource quotes = new QuoteSource(tpm, identity, HashAlg.SHA256, Optional.of(NK));
      requireGood(identity, quotes.quote(NONCE, PcrMask.NONE, _ -> 0));
      tpm.flush(identity.handle());
      requireGood(identity, quotes.quote(NONCE, PcrMask.NONE, _ -> 0));
    }
  }

  @Test
  void whatSomebodyElseExtendsIntoPcr16IsUndone() throws Exception {
    try (Tpm tpm = open();
        TpmIdentity identity = identity(tpm)) {
      QuoteSource quotes = new QuoteSource(tpm, identity, HashAlg.SHA256, Optional.of(NK));
      Digest foreign = Digest.hash(HashAlg.SHA256, NONCE);
      tpm.execute(new Pcr.Extend(Handle.pcr(16).withEmptyAuth(), List.of(foreign)));
      requireGood(identity, quotes.quote(NONCE, PcrMask.NONE, _ -> 0));
    }
  }

  @Test
  void aBankThatTheTpmDoesNotHaveIsRefused() throws Exception {
    try (Tpm tpm = open();
        TpmIdentity identity = identity(tpm)) {
      assertThatThrownBy(() -> new QuoteSource(tpm, identity, HashAlg.SHA3_256, Optional.of(NK)))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("no active PCR bank sha3_256");
    }
  }

  @Test
  void theSameKeyIsLoadedAfterAReset() throws Exception {
    var first = name();
    assertThat(name()).isEqualTo(first);
  }

  private TpmName name() throws Exception {
    try (Tpm tpm = open();
        TpmIdentity identity = identity(tpm)) {
      return identity.attestationKey().name();
    }
  }

  private static void requireGood(TpmIdentity identity, Quote quote) {
    var verified =
        new QuoteVerifier(AttestationKey.of(identity.attestationKey()), AcceptedAlgorithms.ALL)
            .verify(quote, NONCE, new Coverage.Exactly(PcrSelection.of(HashAlg.SHA256, 16)));
    NK.requireBoundBy(verified, HashAlg.SHA256);
  }

  private Tpm open() throws Exception {
    return new TpmAddress.Embedded(directory.resolve("tpm")).open();
  }

  private TpmIdentity identity(Tpm tpm) throws Exception {
    return TpmIdentity.open(tpm, directory, KeyAlgorithms.ECC_P256, HashAlg.SHA256);
  }
}
