package dev.keystead.tao.seal;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.claims.cose.CoseException;
import dev.keystead.claims.cose.Sign1;
import dev.keystead.claims.cose.Signer;
import dev.keystead.claims.cose.VerifyingKey;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.seal.CredentialException.Reason;
import java.security.MessageDigest;

/**
 * A map of fields in a COSE_Sign1: how owner and publishers say something about programs. What it
 * is for is the context of its signature. Field 1 is the version, 4 the program, 10 the domain.
 */
final class SignedWord {
  /** The most bytes of a signed word. */
  static final int MAX_SIZE = 1024;

  private static final int VERSION = 1;
  private static final int PROGRAM = 4;
  private static final int DOMAIN = 10;

  private SignedWord() {}

  /** Reads the fields of a verified word. */
  interface Reader<T> {
    T read(CborFields in) throws CborException;
  }

  /** The fields that every word about a program has. */
  static CborMap about(Measurement program) {
    return fields().put(PROGRAM, Cbor.of(program.bytes()));
  }

  /** The fields that every word has. */
  static CborMap fields() {
    return new CborMap().put(1, Cbor.of(VERSION));
  }

  /** The program that a word is about. */
  static Measurement program(CborFields in) throws CborException {
    return Measurement.of(in.bytes(PROGRAM, Measurement.SIZE, Measurement.SIZE));
  }

  /** Signs what the publisher says. */
  static byte[] sign(Signer signer, String context, CborMap fields) throws CredentialException {
    try {
      return Sign1.sign(signer, context, fields.encode(), Sign1.NONE).encode();
    } catch (CoseException e) {
      throw new CredentialException(Reason.NOT_SIGNED, "not signed: " + e.getMessage(), e);
    }
  }

  /** Signs what the owner says, in the owner's domain. */
  static byte[] sign(Signer signer, PolicyKey owner, String context, CborMap fields)
      throws CredentialException {
    if (!signer.principal().equals(owner.principal())) {
      throw new CredentialException(Reason.OTHER_KEY, "that is not the policy key's private half");
    }
    return sign(signer, context, fields.put(DOMAIN, Cbor.of(owner.digest())));
  }

  /** What the owner said in this context. */
  static <T> T verify(byte[] signed, PolicyKey owner, String context, Reader<T> reader)
      throws CredentialException {
    return verify(
        signed,
        new VerifyingKey(owner.key()),
        context,
        in -> {
          byte[] domain = in.bytes(DOMAIN, Sha256.SIZE, Sha256.SIZE);
          if (!MessageDigest.isEqual(domain, owner.digest())) {
            throw new CborException("it was said in the domain of another owner");
          }
          return reader.read(in);
        });
  }

  /** What this key said in this context. */
  static <T> T verify(byte[] signed, VerifyingKey key, String context, Reader<T> reader)
      throws CredentialException {
    try {
      CborFields in =
          CborFields.parse(key.verify(parse(signed), context), MAX_SIZE, "the signed word");
      return read(in, reader);
    } catch (CborException | IllegalArgumentException e) {
      throw malformed(e);
    } catch (CoseException e) {
      throw refusal(e);
    }
  }

  /** The fields of a word that nobody has verified yet, to find out whose it claims to be. */
  static <T> T unverified(byte[] signed, Reader<T> reader) throws CredentialException {
    try {
      return reader.read(CborFields.parse(parse(signed).payload(), MAX_SIZE, "the signed word"));
    } catch (CborException e) {
      throw malformed(e);
    } catch (CoseException e) {
      throw refusal(e);
    }
  }

  private static <T> T read(CborFields in, Reader<T> reader) throws CborException {
    if (in.uint(1) != VERSION) {
      throw new CborException("a signed word of an unknown version");
    }
    T word = reader.read(in);
    in.end();
    return word;
  }

  private static Sign1 parse(byte[] signed) throws CoseException {
    Sign1 message = Sign1.parse(signed, MAX_SIZE);
    if (!message.unprotected().entries().isEmpty()) {
      throw new CoseException(
          CoseException.Reason.MALFORMED, "something travels with the signed word");
    }
    return message;
  }

  private static CredentialException malformed(Exception e) {
    return new CredentialException(Reason.MALFORMED, "the signed word: " + e.getMessage(), e);
  }

  private static CredentialException refusal(CoseException e) {
    Reason reason =
        switch (e.reason()) {
          case MALFORMED -> Reason.MALFORMED;
          case WRONG_KEY -> Reason.OTHER_KEY;
          case BAD_SIGNATURE, NOT_SIGNED -> Reason.BAD_SIGNATURE;
        };
    return new CredentialException(reason, "the signed word: " + e.getMessage(), e);
  }
}
