package dev.keystead.tao.platform;

import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.CoseException.Reason;
import dev.keystead.claims.cose.Signer;
import dev.keystead.tao.attestation.TpmQuote;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.TpmFormatException;
import java.security.MessageDigest;

/** Signs statements by quotes, as long as the PCRs are as the statement says. */
final class QuotingKey implements Signer {
  private final Tpm tpm;
  private final TpmObject key;
  private final PcrState stated;

  QuotingKey(Tpm tpm, TpmObject key, PcrState stated) {
    this.tpm = tpm;
    this.key = key;
    this.stated = stated;
  }

  @Override
  public long algorithm() {
    return TpmQuote.ALGORITHM;
  }

  @Override
  public KeyPrincipal principal() {
    return KeyPrincipal.of(key.area().toPublicKey());
  }

  @Override
  public byte[] sign(byte[] toBeSigned) throws CoseException {
    try {
      var quote =
          tpm.execute(
              new Quote(
                  key.handle().withEmptyAuth(),
                  TpmQuote.qualifyingData(toBeSigned),
                  stated.selection()));
      if (!(quote.parsed().attested() instanceof Attest.Quoted quoted)
          || !MessageDigest.isEqual(quoted.pcrDigest(), stated.digest())) {
        throw new CoseException(Reason.NOT_SIGNED, "the PCRs have changed meanwhile");
      }
      return TpmQuote.of(quote.attest(), quote.signature()).encode();
    } catch (TpmException | TpmFormatException | IllegalArgumentException e) {
      throw new CoseException(Reason.NOT_SIGNED, "the TPM does not quote", e);
    }
  }
}
