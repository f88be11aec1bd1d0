package dev.keystead.node.identity;

import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.node.AgentException;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Attestation;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.structure.Attest;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Quotes with the values that they are over (section 4). With a payload key PCR 16 is in each and
 * holds the digest of that key, and nothing else. One question at a time.
 */
public final class QuoteSource {
  private static final int TRIES = 5;

  private final Tpm tpm;
  private final TpmIdentity identity;
  private final HashAlg bank;
  private final Optional<Digest> extension;
  private final ReentrantLock lock = new ReentrantLock(true);

  /** Something that uses the TPM. */
  @FunctionalInterface
  public interface Use<R> {
    /** Uses it. */
    R run(Tpm tpm) throws TpmException;
  }

  /**
   * Quotes by the attestation key of {@code identity}.
   *
   * @param bank whose values are quoted
   * @param payloadKey what PCR 16 binds; empty leaves that PCR alone
   * @throws AgentException when the TPM has no such bank
   */
  public QuoteSource(Tpm tpm, TpmIdentity identity, HashAlg bank, Optional<PayloadKey> payloadKey)
      throws TpmException {
    this.tpm = tpm;
    this.identity = identity;
    this.bank = bank;
    this.extension = payloadKey.map(key -> key.binding(bank));
    if (tpm.execute(new Capability.Pcrs()).mask(bank) == 0) {
      throw new AgentException("the TPM has no active PCR bank " + bank.label());
    }
  }

  /** Runs something while nobody else uses the TPM. */
  public <R> R exclusively(Use<R> use) throws TpmException {
    lock.lock();
    try {
      return use.run(tpm);
    } finally {
      lock.unlock();
    }
  }

  /** The PCR bank that is quoted. */
  public HashAlg bank() {
    return bank;
  }

  /** TPM2_Certify of the attestation key by itself: a proof that it is here. */
  public Attestation possession(byte[] challenge) throws TpmException {
    return exclusively(_ -> {
      try {
        return identity.certifyItself(challenge);
      } catch (TpmException e) {
        if (!TpmIdentity.saysKeyIsGone(e)) {
          throw e;
        }
        identity.reload();
        return identity.certifyItself(challenge);
      }
    });
  }

  /**
   * A quote of these PCRs, and of PCR 16 when there is a payload key.
   *
   * @param before uses the TPM before the PCRs are read, with nobody in between
   * @throws AgentException when PCRs changed under each of {@value #TRIES} tries
   */
  public Quote quote(byte[] nonce, PcrMask mask, Use<?> before) throws TpmException {
    PcrMask all = extension.isPresent() ? mask.with(PayloadKey.PCR) : mask;
    PcrSelection selection = PcrSelection.ofMask(bank, all.bits());
    return exclusively(_ -> {
      before.run(tpm);
      for (int i = 0; i < TRIES; i++) {
        try {
          PcrValues values = read(selection);
          if (extension.isPresent() && !isBound(values, extension.get())) {
            bind(extension.get());
            values = read(selection);
          }
          Attestation quote =
              tpm.execute(
                  new dev.keystead.tpm.command.Quote(
                      identity.handle().withEmptyAuth(), nonce, selection));
          if (isOver(quote, values)) {
            return new Quote(quote.attest(), quote.signature(), values);
          }
        } catch (TpmException e) {
          if (!TpmIdentity.saysKeyIsGone(e)) {
            throw e;
          }
          identity.reload();
        }
      }
      throw new AgentException("the PCRs changed during each of " + TRIES + " quotes");
    });
  }

  private boolean isBound(PcrValues values, Digest key) {
    return values
        .get(bank, PayloadKey.PCR)
        .equals(Optional.of(Digest.zero(bank).extend(key.bytes())));
  }

  private void bind(Digest key) throws TpmException {
    Handle pcr = Handle.pcr(PayloadKey.PCR);
    tpm.execute(new Pcr.Reset(pcr.withEmptyAuth()));
    tpm.execute(new Pcr.Extend(pcr.withEmptyAuth(), List.of(key)));
  }

  private PcrValues read(PcrSelection selection) throws TpmException {
    return PcrValues.of(bank, dev.keystead.tpm.property.PcrValues.read(tpm, selection).bank(bank));
  }

  private static boolean isOver(Attestation quote, PcrValues values) {
    return quote.parsed().attested() instanceof Attest.Quoted quoted
        && MessageDigest.isEqual(quoted.pcrDigest(), values.pcrDigest(quote.signature().hash()));
  }
}
