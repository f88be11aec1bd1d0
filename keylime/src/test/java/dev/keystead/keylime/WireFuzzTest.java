package dev.keystead.keylime;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.keylime.bootstrap.VerifyReply;
import dev.keystead.keylime.push.ApiError;
import dev.keystead.keylime.push.AttestationReport;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import dev.keystead.keylime.push.SessionProof;
import dev.keystead.keylime.push.SessionResult;
import dev.keystead.keylime.quote.AgentInfo;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.quote.QuoteString;
import dev.keystead.keylime.registration.Activation;
import dev.keystead.keylime.registration.AgentRecord;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.keylime.registration.RegistrationReply;
import dev.keystead.keylime.revocation.Revocation;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.keylime.verifier.TpmPolicy;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * Bytes of any kind either parse or throw {@link WireException}; what parses and can be written is
 * read again as it was.
 */
class WireFuzzTest {
  private static <T> void message(
      byte[] data, Function<Json, T> parse, Function<T, Json.Obj> write) {
    try {
      T message = parse.apply(Message.parse(data, Limits.WIRE));
      Json.Obj written = write.apply(message);
      if (!write.apply(parse.apply(written)).equals(written)) {
        throw new AssertionError("written, it is not read as it was");
      }
    } catch (WireException e) {
      // refused, as it should be
    }
  }

  private static void text(byte[] data, Function<String, ?> parse) {
    try {
      Object _ = parse.apply(new String(data, StandardCharsets.UTF_8));
    } catch (WireException e) {
      // refused, as it should be
    }
  }

  @FuzzTest(maxDuration = "60s")
  void registration(byte[] data) {
    message(data, Registration::parse, Registration::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void registrationReply(byte[] data) {
    message(data, RegistrationReply::parse, RegistrationReply::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void challengeBlob(byte[] data) {
    try {
      byte[] written = ChallengeBlob.parse(data).toBytes();
      if (!java.util.Arrays.equals(written, data)) {
        throw new AssertionError("written, it is not as it was");
      }
    } catch (WireException e) {
      // refused, as it should be
    }
  }

  @FuzzTest(maxDuration = "60s")
  void activation(byte[] data) {
    message(data, Activation::parse, Activation::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void agentRecord(byte[] data) {
    message(data, AgentRecord::parse, AgentRecord::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void agentList(byte[] data) {
    message(data, AgentList::parse, AgentList::toVerifierJson);
  }

  @FuzzTest(maxDuration = "60s")
  void envelope(byte[] data) {
    message(data, Envelope::parse, Envelope::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void versionReply(byte[] data) {
    message(data, VersionReply::parse, VersionReply::toServerJson);
  }

  @FuzzTest(maxDuration = "60s")
  void quoteReply(byte[] data) {
    message(data, QuoteReply::parse, QuoteReply::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void quoteString(byte[] data) {
    text(data, text -> QuoteString.encode(QuoteString.parse(text)));
  }

  @FuzzTest(maxDuration = "60s")
  void quoteQuery(byte[] data) {
    text(
        data,
        text -> {
          String[] parts = text.split("&", 4);
          return QuoteQuery.Integrity.parse(name ->
              Optional.ofNullable(
                  switch (name) {
                    case "nonce" -> parts[0];
                    case "mask" -> parts.length > 1 ? parts[1] : null;
                    case "partial" -> parts.length > 2 ? parts[2] : null;
                    default -> parts.length > 3 ? parts[3] : null;
                  }));
        });
  }

  @FuzzTest(maxDuration = "60s")
  void agentInfo(byte[] data) {
    message(data, AgentInfo::parse, AgentInfo::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void shareU(byte[] data) {
    message(data, UKey::parse, UKey::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void shareV(byte[] data) {
    message(data, VKey::parse, VKey::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void verifyReply(byte[] data) {
    message(data, VerifyReply::parse, VerifyReply::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void payloadKey(byte[] data) {
    text(data, PayloadKey::parse);
  }

  @FuzzTest(maxDuration = "60s")
  void certificate(byte[] data) {
    text(data, MtlsCert::parse);
  }

  @FuzzTest(maxDuration = "60s")
  void revocationKey(byte[] data) {
    text(data, RevocationKey::parse);
  }

  @FuzzTest(maxDuration = "60s")
  void revocation(byte[] data) {
    text(data, Revocation::parse);
  }

  @FuzzTest(maxDuration = "60s")
  void signedRevocation(byte[] data) {
    message(data, SignedRevocation::parse, SignedRevocation::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void verifierAgentAdd(byte[] data) {
    message(data, VerifierAgentAdd::parse, VerifierAgentAdd::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void verifierAgentStatus(byte[] data) {
    message(data, VerifierAgentStatus::parse, VerifierAgentStatus::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void tpmPolicy(byte[] data) {
    text(data, TpmPolicy::parse);
  }

  @FuzzTest(maxDuration = "60s")
  void contactAddress(byte[] data) {
    text(data, host -> new ContactAddress(host, 1));
  }

  @FuzzTest(maxDuration = "60s")
  void pushSession(byte[] data) {
    message(data, SessionProof::parse, SessionProof::toJson);
    message(data, SessionResult::parse, SessionResult::toJson);
    message(data, ApiError::parse, ApiError::toJson);
  }

  @FuzzTest(maxDuration = "60s")
  void pushEvidence(byte[] data) {
    message(data, EvidenceOffer::parse, EvidenceOffer::toJson);
    message(data, EvidenceRequest::parse, EvidenceRequest::toJson);
    message(data, CollectedEvidence::parse, CollectedEvidence::toJson);
    message(data, AttestationReport::parse, report -> report.toJson(0));
  }
}
