package dev.keystead.evidence.refstate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.Fixture;
import dev.keystead.evidence.Refusal;
import dev.keystead.evidence.boot.BootLog;
import dev.keystead.evidence.boot.EfiVariable;
import dev.keystead.evidence.boot.EventType;
import dev.keystead.evidence.boot.LogWriter;
import dev.keystead.evidence.boot.SignatureList;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.HashAlg;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefstateTest {
  private static final UUID OWNER = UUID.fromString("11111111-2222-3333-4444-555555555555");
  private static final byte[] HASH = HashAlg.SHA256.hash(new byte[] {9});
  private static final String POLICY =
      """
      {"has_secureboot": true,
       "scrtm_and_bios": [{"scrtm": %s, "platform_firmware": [%s]}],
       "pk": [%s], "kek": [%s], "db": [%s], "dbx": [%s],
       "mokdig": [%s], "mokxdig": [],
       "kernels": [{"shim_authcode_sha256": "%s", "grub_authcode_sha256": "%s",
         "kernel_authcode_sha256": "%s", "initrd_plain_sha256": "%s",
         "kernel_cmdline": "root=/dev/vda[0-9]+ quiet"}]}
      """
          .formatted(
              digest("crtm"),
              digest("firmware"),
              key("pk"),
              key("kek"),
              key("db"),
              "{\"SignatureOwner\": \"%s\", \"SignatureData\": \"0x%s\"}"
                  .formatted(OWNER, HexFormat.of().formatHex(HASH)),
              digest("mok"),
              hex("shim"),
              hex("grub"),
              hex("kernel"),
              hex("initrd"));

  /** The steps of a good boot; a test replaces one. */
  enum Step {
    CRTM,
    FIRMWARE,
    SECURE_BOOT,
    PK,
    KEK,
    DB,
    DBX,
    SEPARATORS,
    AUTHORITY,
    SHIM,
    MOK,
    GRUB,
    GRUB_CONFIG,
    KERNEL_FILE,
    KERNEL,
    COMMAND_LINE,
    INITRD,
    EXIT
  }

  @Test
  void aBootByTheBookIsAllowed() {
    assertThat(Refstate.parse(ascii(POLICY)).check(good().verified())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CRTM, other",
    "FIRMWARE, other",
    "PK, other",
    "KEK, other",
    "DB, other",
    "DBX, other",
    "SHIM, other",
    "MOK, other",
    "GRUB, other",
    "KERNEL, other",
    "INITRD, other",
    "COMMAND_LINE, root=/dev/vda1 quiet init=/bin/sh",
    "COMMAND_LINE, xroot=/dev/vda1 quiet",
    "EXIT, Exit to the shell"
  })
  void anyOtherStepIsRefused(Step step, String instead) {
    assertDiffers(boot(step, instead));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CRTM", "FIRMWARE", "SHIM", "GRUB", "KERNEL", "INITRD", "COMMAND_LINE"})
  void aStepLeftOutIsRefused(String step) {
    assertDiffers(boot(Step.valueOf(step), null));
  }

  @ParameterizedTest
  @CsvSource({"SHIM", "GRUB", "KERNEL", "INITRD", "COMMAND_LINE", "DB", "MOK", "FIRMWARE"})
  void aStateMadeFromAGoodBootAllowsThatBootAndNoOther(Step step) {
    VerifiedBootLog boot = good().verified();

    Refstate made = Refstate.parse(RefstateWriter.write(boot.log(), false).toBytes());

    assertThat(made.check(boot)).isEmpty();
    assertThat(made.check(boot(step, "other").verified())).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"CRTM", "SHIM", "GRUB", "KERNEL", "INITRD", "COMMAND_LINE"})
  void noStateIsMadeFromALogThatLacksAPartOfTheBoot(Step step) {
    BootLog log = boot(step, null).verified().log();

    Refusal.of(Code.POLICY_UNUSABLE, () -> RefstateWriter.write(log, false));
  }

  @Test
  void aBootWithoutSecureBootIsTakenOnlyWhenThatIsMeant() {
    BootLog log = boot(Step.SECURE_BOOT, "\0").verified().log();

    Refusal.of(Code.POLICY_UNUSABLE, () -> RefstateWriter.write(log, false));
  }

  @Test
  void secureBootThatWasOffIsRefused() {
    List<Finding> findings =
        Refstate.parse(ascii(POLICY)).check(boot(Step.SECURE_BOOT, "\0").verified());

    assertThat(findings).extracting(Finding::where).containsExactly("Secure Boot");
  }

  @Test
  void aMoreApplicationIsRefused() {
    assertDiffers(
        good().measure(4, EventType.EV_EFI_BOOT_SERVICES_APPLICATION, ascii("x"), ascii("x")));
  }

  @Test
  void anEventThatThePolicyDoesNotKnowIsRefused() {
    assertDiffers(good().measure(1, EventType.EV_POST_CODE, ascii("x")));
    assertDiffers(good().measure(12, EventType.EV_IPL, ascii("x")));
  }

  @Test
  void anotherListUnderTheNameOfTheTrustedOneIsRefused() {
    assertDiffers(good().measure(14, EventType.EV_IPL, ascii("evil"), ascii("MokListTrusted\0")));
    assertThat(
            Refstate.parse(ascii(POLICY))
                .check(
                    good()
                        .measure(14, EventType.EV_IPL, new byte[] {1}, ascii("MokListTrusted\0"))
                        .verified()))
        .isEmpty();
  }

  @Test
  void aQuoteThatLacksARelevantPcrIsRefused() {
    Fixture boot = Fixture.CLEAN;
    VerifiedBootLog verified =
        BootLog.parse(boot.bytes("binary_bios_measurements"))
            .verify(
                new QuoteVerifier(boot.key("rsa"), AcceptedAlgorithms.ALL)
                    .verify(boot.quote("rsa"), boot.nonce(), boot.coverage("rsa")));

    assertThat(Refstate.parse(ascii(POLICY)).check(verified))
        .extracting(Finding::code)
        .containsExactly(Code.PCR_MISSING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "has_secureboot",
        "scrtm",
        "pk",
        "kek",
        "db",
        "dbx",
        "mokdig",
        "mokxdig",
        "kernels"
      })
  void aPolicyWithAMemberOfAnotherTypeIsUnusable(String member) {
    String json = POLICY.replaceFirst("(\"" + member + "\": )", "$17, \"x\": ");

    Refusal.of(Code.POLICY_UNUSABLE, () -> Refstate.parse(ascii(json)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a", "(?=a)b", "a{1000000}"})
  void aPatternThatCannotBeMatchedInLinearTimeIsUnusable(String pattern) {
    String json = POLICY.replace("root=/dev/vda[0-9]+ quiet", pattern);

    Refusal.of(Code.POLICY_UNUSABLE, () -> Refstate.parse(ascii(json)));
  }

  @Test
  void digestsOfAnotherLengthAreUnusable() {
    Refusal.of(
        Code.POLICY_UNUSABLE, () -> Refstate.parse(ascii(POLICY.replace(hex("shim"), "0x00"))));
    Refusal.of(
        Code.POLICY_UNUSABLE,
        () -> Refstate.parse(ascii(POLICY.replace(hex("shim"), hex("shim").substring(2)))));
  }

  private static void assertDiffers(LogWriter log) {
    assertThat(Refstate.parse(ascii(POLICY)).check(log.verified()))
        .extracting(Finding::code)
        .isNotEmpty()
        .containsOnly(Code.BOOT_DIFFERS);
  }

  private static LogWriter good() {
    return boot(Step.CRTM, "crtm");
  }

  /** A good boot with one step changed, or left out when {@code instead} is null. */
  private static LogWriter boot(Step changed, @org.jspecify.annotations.Nullable String instead) {
    LogWriter log = LogWriter.agile(HashAlg.SHA1, HashAlg.SHA256);
    for (Step step : Step.values()) {
      String content = step == changed ? instead : content(step);
      if (content != null) {
        add(log, step, content);
      }
    }
    return log;
  }

  private static String content(Step step) {
    return switch (step) {
      case SECURE_BOOT -> "\1";
      case COMMAND_LINE -> "root=/dev/vda1 quiet";
      case EXIT -> "Exit Boot Services Invocation";
      default -> step.name().toLowerCase(java.util.Locale.ROOT);
    };
  }

  private static void add(LogWriter log, Step step, String content) {
    byte[] measured = ascii(content);
    EventType application = EventType.EV_EFI_BOOT_SERVICES_APPLICATION;
    EventType config = EventType.EV_EFI_VARIABLE_DRIVER_CONFIG;
    switch (step) {
      case CRTM -> log.measure(0, EventType.EV_S_CRTM_VERSION, measured);
      case FIRMWARE ->
          log.measure(0, EventType.EV_EFI_PLATFORM_FIRMWARE_BLOB, measured, new byte[16]);
      case SECURE_BOOT ->
          log.measure(7, config, LogWriter.variable(EfiVariable.GLOBAL, "SecureBoot", measured));
      case PK, KEK, DB ->
          log.measure(
              7,
              config,
              LogWriter.variable(
                  step == Step.DB ? EfiVariable.IMAGE_SECURITY : EfiVariable.GLOBAL,
                  step == Step.DB ? "db" : step.name(),
                  LogWriter.signatures(SignatureList.X509, OWNER, measured)));
      case DBX ->
          log.measure(
              7,
              config,
              LogWriter.variable(
                  EfiVariable.IMAGE_SECURITY,
                  "dbx",
                  LogWriter.signatures(
                      SignatureList.SHA256, OWNER, content.equals("dbx") ? HASH : new byte[32])));
      case SEPARATORS -> {
        for (int pcr = 0; pcr < 8; pcr++) {
          log.measure(pcr, EventType.EV_SEPARATOR, new byte[4]);
        }
      }
      case AUTHORITY ->
          log.measure(
              7,
              EventType.EV_EFI_VARIABLE_AUTHORITY,
              LogWriter.variable(EfiVariable.IMAGE_SECURITY, "db", measured));
      case SHIM, GRUB, KERNEL -> log.measure(4, application, measured, new byte[32]);
      case MOK -> log.measure(14, EventType.EV_IPL, measured, ascii("MokList\0"));
      case GRUB_CONFIG ->
          log.measure(9, EventType.EV_IPL, measured, ascii("(hd0,gpt1)/grub/grub.cfg\0"))
              .measure(8, EventType.EV_IPL, measured, ascii("grub_cmd: " + content + "\0"));
      case KERNEL_FILE -> log.measure(9, EventType.EV_IPL, measured, ascii("/vmlinuz-6\0"));
      case COMMAND_LINE ->
          log.measure(8, EventType.EV_IPL, measured, ascii("kernel_cmdline: " + content + "\0"));
      case INITRD -> log.measure(9, EventType.EV_IPL, measured, ascii("/initrd.img-6\0"));
      case EXIT -> log.measure(5, EventType.EV_EFI_ACTION, measured);
    }
  }

  private static String digest(String content) {
    return "{\"sha256\": \"" + hex(content) + "\"}";
  }

  private static String hex(String content) {
    return "0x" + HexFormat.of().formatHex(HashAlg.SHA256.hash(ascii(content)));
  }

  private static String key(String content) {
    return "{\"SignatureOwner\": \"%s\", \"SignatureData\": \"0x%s\"}"
        .formatted(OWNER, HexFormat.of().formatHex(ascii(content)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
