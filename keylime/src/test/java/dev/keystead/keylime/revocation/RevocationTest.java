package dev.keystead.keylime.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.Finding;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.WireException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Events and revocations of ours. */
class RevocationTest {
  private static final Instant TIME = Instant.parse("2026-11-02T03:00:13Z");

  private static Revocation revocation() {
    return new Revocation(
        Revocation.Type.REVOCATION,
        AgentId.of("node-1"),
        Optional.of(new ContactAddress("127.0.0.1", 9002)),
        "{\"mask\":\"0x400\"}",
        "{}",
        Revocation.asctime(TIME),
        Optional.of(KeylimeEvent.of(KeylimeEvent.NOT_REACHABLE, "no answer")),
        Optional.of(new Revocation.Order(TIME, 7)));
  }

  @Test
  void aRevocationSaysWhenAndInWhichPlace() {
    assertThat(Revocation.parse(revocation().toText())).isEqualTo(revocation());
    assertThat(revocation().toText()).contains("\"event_time\":\"Mon Nov  2 03:00:13 2026\"");
  }

  @Test
  void withoutAKeyItIsSentUnsigned() {
    SignedRevocation sent = SignedRevocation.of(revocation(), Optional.empty());
    assertThat(sent.toJson().toString()).contains("\"signature\":\"\"");
    assertThat(SignedRevocation.parse(sent.toJson()).signature()).isEmpty();
  }

  @Test
  void aRevocationKeyNeverPrints() {
    assertThatThrownBy(() -> RevocationKey.parse("-----BEGIN PRIVATE KEY-----\nAAAA\n"))
        .isInstanceOf(WireException.class)
        .message()
        .doesNotContain("AAAA");
  }

  @ParameterizedTest
  @EnumSource
  void everyFindingHasAnEvent(Finding.Code code) {
    KeylimeEvent event = KeylimeEvent.of(new Finding(code, "PCR 4", "found a, expected b"));
    assertThat(event.id()).contains(".");
    assertThat(event.severity()).isEqualTo(Severity.EMERGENCY);
    assertThat(event.context()).contains("expected b");
  }

  @ParameterizedTest
  @CsvSource({
    "FILE_NOT_IN_POLICY, 'IMA entry 30, /usr/bin/evil', ima.validation.ima-ng.not_in_allowlist",
    "FILE_DIGEST_REFUSED, 'IMA entry 30, /bin/sh', ima.validation.ima-ng.runtime_policy_hash",
    "BOOT_LOG_MISMATCH, PCR 4, measured_boot.invalid_pcr_4",
    "PCR_REFUSED, PCR 22, pcr_validation.invalid_pcr_22",
    "PCR_MISSING, PCR 16, pcr_validation.missing_pcr_16",
    "PCR_MISSING, quote, pcr_validation.missing_pcrs",
    "KEY_NOT_BOUND, PCR 16, pcr_validation.invalid_pcr_16",
    "ALGORITHM_REFUSED, hash_alg, qoute_validation.invalid_hash_alg",
    "ALGORITHM_REFUSED, quote, qoute_validation.quote_validation",
    "IMA_VIOLATION, 'IMA entry 3', ima.validation.tomtou"
  })
  void aFindingIsToldInKeylimesWords(Finding.Code code, String where, String id) {
    assertThat(KeylimeEvent.of(new Finding(code, where, "x")).id()).isEqualTo(id);
  }
}
