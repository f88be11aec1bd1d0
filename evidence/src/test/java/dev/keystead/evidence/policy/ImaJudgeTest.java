package dev.keystead.evidence.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.RecordedList;
import dev.keystead.evidence.Refusal;
import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaKey;
import dev.keystead.evidence.ima.Keyring;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImaJudgeTest {
  private static final byte[] PROGRAM = "#!/bin/sh".getBytes(StandardCharsets.UTF_8);

  private final KeyPair keys = keys();
  private final ImaKey key = ImaKey.of(keys.getPublic());
  private final byte[] spki = keys.getPublic().getEncoded();

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static ImaJudge judge(Map<String, Json> changes) {
    Map<String, Json> policy = new LinkedHashMap<>();
    policy.put("meta", Json.object().put("version", 1).build());
    policy.put("release", Json.of(0));
    for (String table : List.of("digests", "keyrings", "ima-buf")) {
      policy.put(table, Json.object().build());
    }
    policy.put("excludes", Json.array(List.of()));
    policy.put("ima", ima(List.of()));
    policy.put("verification-keys", Json.of(""));
    policy.putAll(changes);
    return new ImaJudge(
        RuntimePolicy.of(Json.object(policy)), Keyring.EMPTY, new PcrValues(new LinkedHashMap<>()));
  }

  private static Json ima(List<String> ignored) {
    return Json.object()
        .put("ignored_keyrings", Json.strings(ignored))
        .put("log_hash_alg", "sha1")
        .build();
  }

  private static Json table(String name, byte[] content) {
    String hex = HexFormat.of().formatHex(HashAlg.SHA256.hash(content));
    return Json.object().put(name, Json.strings(List.of(hex))).build();
  }

  /** An entry of a template with a digest, a name and bytes, made by its definition. */
  private static ImaEntry entry(String template, byte[] content, String name, byte[] third) {
    ByteArrayOutputStream digest = new ByteArrayOutputStream();
    digest.writeBytes("sha256:\0".getBytes(StandardCharsets.UTF_8));
    digest.writeBytes(HashAlg.SHA256.hash(content));
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (byte[] field :
        List.of(digest.toByteArray(), (name + "\0").getBytes(StandardCharsets.UTF_8), third)) {
      data.writeBytes(u32(field.length));
      data.writeBytes(field);
    }
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    list.writeBytes(u32(10));
    list.writeBytes(HashAlg.SHA1.hash(data.toByteArray()));
    list.writeBytes(u32(template.length()));
    list.writeBytes(template.getBytes(StandardCharsets.UTF_8));
    list.writeBytes(u32(data.size()));
    list.writeBytes(data.toByteArray());
    return RecordedList.entries(list.toByteArray()).getFirst();
  }

  private static byte[] u32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private ImaEntry signedProgram() {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(keys.getPrivate());
      signer.update(PROGRAM);
      byte[] value = signer.sign();
      ByteBuffer signature = ByteBuffer.allocate(9 + value.length);
      signature.put(new byte[] {3, 2, 4}).putInt(key.id()).putShort((short) value.length);
      return entry("ima-sig", PROGRAM, "/bin/new", signature.put(value).array());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private ImaEntry keyEntry() {
    return entry("ima-buf", spki, ".ima", spki);
  }

  @Test
  void aFileSignedByAKeyOfThePolicyNeedsNoDigest() {
    String ring =
        Json.object()
            .put(
                "pubkeys",
                Json.array(List.of(Json.of(java.util.Base64.getEncoder().encodeToString(spki)))))
            .build()
            .toString();
    ImaJudge judge = judge(Map.of("verification-keys", Json.of(ring)));
    assertThat(judge.judge(signedProgram())).isEqualTo(ImaJudge.Accepted.FILE);
    ImaEntry unsigned = entry("ima-sig", PROGRAM, "/bin/new", new byte[0]);
    Refusal.of(Code.FILE_NOT_IN_POLICY, () -> judge.judge(unsigned));
    ImaEntry forged = entry("ima-sig", PROGRAM, "/bin/new", new byte[] {3, 2, 4, 0, 0, 0, 0, 0, 0});
    Refusal.of(Code.FILE_SIGNATURE_INVALID, () -> judge.judge(forged));
  }

  @Test
  void aKeyThatThePolicyListsIsLearnedAndVerifiesFilesAfterIt() {
    ImaJudge judge = judge(Map.of("keyrings", table(".ima", spki)));
    Refusal.of(Code.FILE_NOT_IN_POLICY, () -> judge.judge(signedProgram()));
    assertThat(judge.judge(keyEntry())).isEqualTo(ImaJudge.Accepted.BUFFER);
    assertThat(judge.learned().keys()).containsExactly(key);
    assertThat(judge.judge(signedProgram())).isEqualTo(ImaJudge.Accepted.FILE);
  }

  @Test
  void aKeyThatThePolicyDoesNotListIsRefusedAndNotLearned() {
    ImaJudge judge = judge(Map.of());
    Refusal.of(Code.BUFFER_REFUSED, () -> judge.judge(keyEntry()));
    assertThat(judge.learned().isEmpty()).isTrue();
  }

  @Test
  void keysOfIgnoredOrExcludedKeyringsPassAndAreNotLearned() {
    ImaJudge ignoring = judge(Map.of("ima", ima(List.of("*"))));
    ignoring.judge(keyEntry());
    ImaJudge excluding = judge(Map.of("excludes", Json.strings(List.of("\\.ima"))));
    excluding.judge(keyEntry());
    assertThat(ignoring.learned().isEmpty()).isTrue();
    assertThat(excluding.learned().isEmpty()).isTrue();
  }

  @Test
  void aKeySmuggledUnderTheDigestOfAnotherIsRefused() {
    ImaJudge judge = judge(Map.of("keyrings", table(".ima", PROGRAM)));
    ImaEntry smuggled = entry("ima-buf", PROGRAM, ".ima", spki);
    Refusal.of(Code.IMA_ENTRY_MISMATCH, () -> judge.judge(smuggled));
    assertThat(judge.learned().isEmpty()).isTrue();
  }

  @Test
  void otherBuffersMustBeListed() {
    ImaEntry buffer = entry("ima-buf", PROGRAM, "kernel_version", PROGRAM);
    assertThat(judge(Map.of("ima-buf", table("kernel_version", PROGRAM))).judge(buffer))
        .isEqualTo(ImaJudge.Accepted.BUFFER);
    Refusal.of(Code.BUFFER_REFUSED, () -> judge(Map.of()).judge(buffer));
  }

  @Test
  void anExcludedFilePassesWhateverItsDigest() {
    ImaEntry file = entry("ima-sig", PROGRAM, "/tmp/x", new byte[0]);
    assertThat(judge(Map.of("excludes", Json.strings(List.of("/tmp/")))).judge(file))
        .isEqualTo(ImaJudge.Accepted.EXCLUDED);
  }

  @Test
  void anUnknownTemplateIsAFailure() {
    ImaEntry file = entry("ima-new", PROGRAM, "/bin/x", new byte[0]);
    Refusal.of(Code.IMA_TEMPLATE_UNKNOWN, () -> judge(Map.of()).judge(file));
  }
}
