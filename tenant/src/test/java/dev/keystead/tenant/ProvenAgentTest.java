package dev.keystead.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.CertificateAuthority;
import dev.keystead.http.tls.KeyType;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.Nonce;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.keylime.registration.EkCert;
import dev.keystead.keylime.registration.Registration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Identity quotes and endorsements, good and forged, from a recording of a real agent. */
class ProvenAgentTest {
  private static final ContactAddress CONTACT = new ContactAddress("127.0.0.1", 9102);
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));
  private static final QuoteReply REPLY = QuoteReply.parse(Recorded.results("07-quotes-identity"));
  private static final QuoteReply OTHER =
      QuoteReply.parse(Recorded.results("other-agent-quotes-identity"));

  private static ProvenAgent prove(AgentRecord record, Nonce nonce, QuoteReply reply) {
    MtlsCert tls = record.mtlsCert().orElseThrow();
    return ProvenAgent.of(record, CONTACT, tls, nonce, reply, AcceptLists.DEFAULT);
  }

  private static void assertRefused(Code code, Runnable attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            EvidenceException.class, e -> assertThat(e.finding().code()).isEqualTo(code));
  }

  private static AgentRecord with(AgentRecord r, Optional<byte[]> ekCert) {
    return new AgentRecord(
        r.agentId(),
        r.ek(),
        ekCert.map(der -> new EkCert(der, List.of())),
        r.ak(),
        r.mtlsCert(),
        r.contact(),
        1);
  }

  @Test
  void aGoodQuoteProvesTheAgentThatIsRegistered() {
    ProvenAgent agent = prove(Recorded.record(), Recorded.NONCE, REPLY);
    assertThat(agent.ak().area().name()).isEqualTo(Recorded.record().ak().name());
    assertThat(agent.payloadKey()).isEqualTo(REPLY.payloadKey().orElseThrow());
    assertThat(agent.mtlsCert()).isEqualTo(Recorded.record().mtlsCert().orElseThrow());
  }

  @Test
  void aReplayedQuoteIsRefused() {
    assertRefused(
        Code.NONCE_MISMATCH,
        () -> prove(Recorded.record(), new Nonce("ALxC1nzVdyDuZW520Ks5"), REPLY));
  }

  @Test
  void anotherMachinesQuoteIsRefused() {
    assertRefused(
        Code.SIGNATURE_INVALID,
        () -> prove(Recorded.record(), new Nonce("ALxC1nzVdyDuZW520Ks5"), OTHER));
  }

  @Test
  void aGoodQuoteWithAnotherPayloadKeyIsRefused() {
    QuoteReply forged =
        new QuoteReply(
            REPLY.quote(),
            REPLY.algorithms(),
            OTHER.payloadKey(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertRefused(Code.KEY_NOT_BOUND, () -> prove(Recorded.record(), Recorded.NONCE, forged));
  }

  @Test
  void aGoodQuoteWithoutAPayloadKeyIsRefused() {
    QuoteReply bare =
        new QuoteReply(
            REPLY.quote(),
            REPLY.algorithms(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertRefused(Code.KEY_NOT_BOUND, () -> prove(Recorded.record(), Recorded.NONCE, bare));
  }

  @Test
  void algorithmsThatTheOwnerDoesNotAcceptAreRefused() {
    AgentRecord record = Recorded.record();
    AcceptLists ecc =
        new AcceptLists(List.of("sha256"), List.of("ecc"), List.of("ecdsa", "rsassa"));
    assertRefused(
        Code.ALGORITHM_REFUSED,
        () ->
            ProvenAgent.of(
                record, CONTACT, record.mtlsCert().orElseThrow(), Recorded.NONCE, REPLY, ecc));
  }

  @Test
  void theMakersCertificateEndorsesTheTpm() {
    String words =
        new EndorsementCheck(NOW)
            .require(
                new Endorsement.Makers(Recorded.maker()),
                prove(Recorded.record(), Recorded.NONCE, REPLY));
    assertThat(words).contains("software TPM").contains("endorsed by");
  }

  @Test
  void aCertificateOfNoTrustedMakerIsRefused() {
    var issuerOnly = Recorded.maker().intermediates();
    assertThat(issuerOnly).isNotEmpty();
    var strangers =
        new EndorsementStore(
            List.of(
                CertificateAuthority.create(
                        "other maker", KeyType.EC_P256, Duration.ofDays(3650), NOW)
                    .certificate()),
            issuerOnly,
            List.of());
    assertRefused(
        Code.EK_UNTRUSTED,
        () ->
            new EndorsementCheck(NOW)
                .require(
                    new Endorsement.Makers(strangers),
                    prove(Recorded.record(), Recorded.NONCE, REPLY)));
  }

  @Test
  void aTpmWithoutACertificateIsRefusedUnlessTheOwnerSaysOtherwise() {
    ProvenAgent agent = prove(with(Recorded.record(), Optional.empty()), Recorded.NONCE, REPLY);
    assertRefused(
        Code.EK_UNTRUSTED,
        () -> new EndorsementCheck(NOW).require(new Endorsement.Makers(Recorded.maker()), agent));
    assertThat(new EndorsementCheck(NOW).require(new Endorsement.Unendorsed(), agent))
        .contains("not endorsed");
  }

  @Test
  void anotherTpmsCertificateIsRefused() {
    var other =
        Registration.parse(
            Json.parseObject(Recorded.bytes("other-agent-register.json"), Limits.WIRE)
                .fields("")
                .object("request")
                .field("body")
                .value());
    ProvenAgent agent =
        prove(
            with(Recorded.record(), Optional.of(other.ekCert().orElseThrow().der())),
            Recorded.NONCE,
            REPLY);
    assertRefused(
        Code.EK_MISMATCH,
        () -> new EndorsementCheck(NOW).require(new Endorsement.Makers(Recorded.maker()), agent));
  }
}
