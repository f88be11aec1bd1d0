package dev.keystead.tpm;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of TPM_RC (Part 2, 6.6.3) and what each means. */
final class ResponseWords {
  /** One code. */
  record Entry(String name, String meaning) {}

  private static final Map<Integer, Entry> ALL =
      Map.ofEntries(
          entry(0x100, "INITIALIZE", "the TPM has not been started, or is started already"),
          entry(0x101, "FAILURE", "the TPM has failed and must be restarted"),
          entry(0x103, "SEQUENCE", "a sequence handle was used wrongly"),
          entry(0x10b, "PRIVATE", "the private area is not accepted"),
          entry(0x119, "HMAC", "HMAC is not supported"),
          entry(0x120, "DISABLED", "the command is disabled"),
          entry(
              0x121,
              "EXCLUSIVE",
              "another command came between those of an exclusive audit session"),
          entry(0x124, "AUTH_TYPE", "the handle needs another kind of authorization"),
          entry(0x125, "AUTH_MISSING", "the handle needs an authorization session"),
          entry(0x126, "POLICY", "a policy assertion does not hold or contradicts another"),
          entry(0x127, "PCR", "the PCR cannot be changed this way"),
          entry(0x128, "PCR_CHANGED", "a PCR has changed since the policy checked it"),
          entry(0x12d, "UPGRADE", "the TPM is being upgraded"),
          entry(0x12e, "TOO_MANY_CONTEXTS", "the context counter is used up"),
          entry(
              0x12f, "AUTH_UNAVAILABLE", "the entity cannot be authorized by its value or policy"),
          entry(0x130, "REBOOT", "the TPM must be restarted first"),
          entry(0x131, "UNBALANCED", "key sizes or hashes do not fit each other"),
          entry(0x142, "COMMAND_SIZE", "the size in the header is not the command's"),
          entry(0x143, "COMMAND_CODE", "the TPM does not have this command"),
          entry(0x144, "AUTHSIZE", "the authorization area has the wrong size"),
          entry(0x145, "AUTH_CONTEXT", "this command takes no sessions"),
          entry(0x146, "NV_RANGE", "the NV access reaches beyond the index"),
          entry(0x147, "NV_SIZE", "the NV size is not possible"),
          entry(0x148, "NV_LOCKED", "the NV index is locked"),
          entry(0x149, "NV_AUTHORIZATION", "the NV index does not allow this authorization"),
          entry(0x14a, "NV_UNINITIALIZED", "the NV index has not been written yet"),
          entry(0x14b, "NV_SPACE", "there is not enough NV space"),
          entry(0x14c, "NV_DEFINED", "the NV index or persistent handle is taken"),
          entry(0x150, "BAD_CONTEXT", "the saved context is not accepted"),
          entry(0x151, "CPHASH", "the policy is bound to another command"),
          entry(0x152, "PARENT", "the handle is not that of a parent"),
          entry(0x153, "NEEDS_TEST", "a function needs a test that has not run"),
          entry(0x154, "NO_RESULT", "the TPM cannot give a result"),
          entry(0x155, "SENSITIVE", "the sensitive area is malformed"),
          entry(0x081, "ASYMMETRIC", "the asymmetric algorithm is not supported"),
          entry(0x082, "ATTRIBUTES", "the attributes do not fit"),
          entry(0x083, "HASH", "the hash algorithm is not supported"),
          entry(0x084, "VALUE", "a value is out of range"),
          entry(0x085, "HIERARCHY", "the hierarchy is disabled or wrong here"),
          entry(0x087, "KEY_SIZE", "the key size is not supported"),
          entry(0x088, "MGF", "the mask generation function is not supported"),
          entry(0x089, "MODE", "the mode of operation is not supported"),
          entry(0x08a, "TYPE", "the type does not fit"),
          entry(0x08b, "HANDLE", "the handle does not fit"),
          entry(0x08c, "KDF", "the key derivation is not supported"),
          entry(0x08d, "RANGE", "a value is out of its range"),
          entry(0x08e, "AUTH_FAIL", "the authorization failed, and counts towards lockout"),
          entry(0x08f, "NONCE", "the nonce is wrong"),
          entry(0x090, "PP", "physical presence is required"),
          entry(0x092, "SCHEME", "the scheme is not supported or does not fit"),
          entry(0x095, "SIZE", "a size is wrong"),
          entry(0x096, "SYMMETRIC", "the symmetric algorithm does not fit"),
          entry(0x097, "TAG", "a structure tag is wrong"),
          entry(0x098, "SELECTOR", "a selector is wrong"),
          entry(0x09a, "INSUFFICIENT", "the command is cut off"),
          entry(0x09b, "SIGNATURE", "the signature does not verify"),
          entry(0x09c, "KEY", "the key does not fit"),
          entry(0x09d, "POLICY_FAIL", "the policy is not satisfied"),
          entry(0x09f, "INTEGRITY", "an integrity check failed"),
          entry(0x0a0, "TICKET", "the ticket is not valid"),
          entry(0x0a1, "RESERVED_BITS", "reserved bits are set"),
          entry(0x0a2, "BAD_AUTH", "the authorization failed"),
          entry(0x0a3, "EXPIRED", "the policy has expired"),
          entry(0x0a4, "POLICY_CC", "the policy is for another command"),
          entry(0x0a5, "BINDING", "public and private area do not belong together"),
          entry(0x0a6, "CURVE", "the curve is not supported"),
          entry(0x0a7, "ECC_POINT", "the point is not on the curve"),
          entry(
              0x901, "CONTEXT_GAP", "sessions must be flushed or reloaded before more can be made"),
          entry(0x902, "OBJECT_MEMORY", "there is no room for another object"),
          entry(0x903, "SESSION_MEMORY", "there is no room for another session"),
          entry(0x904, "MEMORY", "there is not enough memory"),
          entry(0x905, "SESSION_HANDLES", "there are no more session handles"),
          entry(0x906, "OBJECT_HANDLES", "there are no more object handles"),
          entry(0x907, "LOCALITY", "the locality is wrong"),
          entry(0x908, "YIELDED", "the command was interrupted"),
          entry(0x909, "CANCELED", "the command was cancelled"),
          entry(0x90a, "TESTING", "self-tests are running"),
          entry(0x910, "REFERENCE_H0", "nothing has the first handle"),
          entry(0x911, "REFERENCE_H1", "nothing has the second handle"),
          entry(0x912, "REFERENCE_H2", "nothing has the third handle"),
          entry(0x913, "REFERENCE_H3", "nothing has the fourth handle"),
          entry(0x914, "REFERENCE_H4", "nothing has the fifth handle"),
          entry(0x915, "REFERENCE_H5", "nothing has the sixth handle"),
          entry(0x916, "REFERENCE_H6", "nothing has the seventh handle"),
          entry(0x918, "REFERENCE_S0", "the first session is not there"),
          entry(0x919, "REFERENCE_S1", "the second session is not there"),
          entry(0x91a, "REFERENCE_S2", "the third session is not there"),
          entry(0x91b, "REFERENCE_S3", "the fourth session is not there"),
          entry(0x91c, "REFERENCE_S4", "the fifth session is not there"),
          entry(0x91d, "REFERENCE_S5", "the sixth session is not there"),
          entry(0x91e, "REFERENCE_S6", "the seventh session is not there"),
          entry(0x920, "NV_RATE", "the TPM protects its NV memory from too many writes"),
          entry(0x921, "LOCKOUT", "the TPM is in dictionary-attack lockout"),
          entry(0x922, "RETRY", "the TPM could not start the command"),
          entry(0x923, "NV_UNAVAILABLE", "NV memory cannot be written now"));

  private ResponseWords() {}

  private static Map.Entry<Integer, Entry> entry(int base, String name, String meaning) {
    return Map.entry(base, new Entry(name, meaning));
  }

  static @Nullable Entry of(int base) {
    return ALL.get(base);
  }
}
