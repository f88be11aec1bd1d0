package dev.keystead.control.verifier;

import dev.keystead.evidence.Appraisal;
import dev.keystead.evidence.Appraised;
import dev.keystead.evidence.Appraiser;
import dev.keystead.evidence.Evidence;
import dev.keystead.evidence.Evidence.ImaPart;
import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.History;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.policy.PcrPolicy;
import dev.keystead.evidence.quote.AttestationKey;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.revocation.KeylimeEvent;
import dev.keystead.tpm.structure.PcrSelection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a node's reply to an outcome: read, held against what was asked, appraised. */
final class Judgement {
  private static final int MOST_REASONS = 20;
  private static final int LONGEST_REASON = 2000;

  private Judgement() {}

  /** Judges a reply; it may come from anybody and be anything. */
  static Outcome of(Node node, QuoteQuery.Integrity asked, Json.Obj results, Instant now) {
    QuoteReply reply;
    try {
      reply = QuoteReply.parse(results);
    } catch (WireException e) {
      return Answer.unreadable(String.valueOf(e.getMessage()));
    }
    try {
      requireAlgorithms(node.enrolment, reply.algorithms());
      PayloadKey key = payloadKey(node, asked, reply);
      Evidence evidence = evidence(node.enrolment, asked, reply, key);
      return outcome(
          node,
          asked,
          key,
          reply.algorithms(),
          Appraiser.appraise(node.history, evidence, node.enrolment.policy(), now));
    } catch (EvidenceException e) {
      return refused(List.of(e.finding()), 1);
    }
  }

  /** Judges what a node of the push model has brought. */
  static Outcome of(Node node, Evidence evidence, Instant now) {
    return switch (Appraiser.appraise(node.history, evidence, node.enrolment.policy(), now)) {
      case Appraised.AskAgain(History history, String reason) ->
          new Outcome.AskAgain(history, reason);
      case Appraised.Judged(History history, Appraisal appraisal) when appraisal.trusted() ->
          new Outcome.Passed(
              history, Optional.empty(), QuoteAlgorithms.of(node.enrolment.ak().area()));
      case Appraised.Judged(_, Appraisal appraisal) ->
          refused(appraisal.findings(), appraisal.findingCount());
    };
  }

  private static Outcome outcome(
      Node node,
      QuoteQuery.Integrity asked,
      PayloadKey key,
      QuoteAlgorithms algorithms,
      Appraised appraised) {
    return switch (appraised) {
      case Appraised.AskAgain(History history, String reason) ->
          new Outcome.AskAgain(history, reason);
      case Appraised.Judged(History history, Appraisal appraisal) -> {
        if (appraisal.trusted()) {
          yield new Outcome.Passed(history, Optional.of(key), algorithms);
        }
        // An agent that was started anew has a new key, and was not asked for it.
        if (asked.partial() && onlyKeyDiffers(appraisal)) {
          yield new Outcome.AskAgain(node.history, "its payload key is not the one that is known");
        }
        yield refused(appraisal.findings(), appraisal.findingCount());
      }
    };
  }

  private static boolean onlyKeyDiffers(Appraisal appraisal) {
    return appraisal.findingCount() == 1
        && appraisal.findings().getFirst().code() == Code.KEY_NOT_BOUND;
  }

  private static Outcome refused(List<Finding> findings, long count) {
    List<String> reasons = new ArrayList<>();
    for (Finding finding : findings.subList(0, Math.min(MOST_REASONS, findings.size()))) {
      String words = finding.where() + ": " + finding.detail();
      reasons.add(words.length() > LONGEST_REASON ? words.substring(0, LONGEST_REASON) : words);
    }
    if (count > reasons.size()) {
      reasons.add("and %d more".formatted(count - reasons.size()));
    }
    return new Outcome.Refused(KeylimeEvent.of(findings.getFirst()), reasons);
  }

  /** What the agent says of its algorithms must be accepted, and must be its key's. */
  private static void requireAlgorithms(Enrolment enrolment, QuoteAlgorithms said) {
    enrolment.accept().require(said);
    AttestationKey ak = enrolment.ak();
    QuoteAlgorithms real = QuoteAlgorithms.of(ak.area());
    require("hash_alg", real.hash().label(), said.hash().label());
    require(
        "enc_alg",
        real.encryption(),
        switch (said.encryption()) {
          case "rsa" -> "rsa2048";
          case "ecc" -> "ecc256";
          default -> said.encryption();
        });
    require("sign_alg", real.signing(), said.signing());
  }

  private static void require(String field, String real, String said) {
    if (!real.equals(said)) {
      throw new EvidenceException(
          Code.ALGORITHM_REFUSED, field, "it says %s, its key is of %s".formatted(said, real));
    }
  }

  private static PayloadKey payloadKey(Node node, QuoteQuery.Integrity asked, QuoteReply reply) {
    return reply
        .payloadKey()
        .or(() -> asked.partial() ? node.payloadKey : Optional.empty())
        .orElseThrow(() ->
            new EvidenceException(Code.KEY_NOT_BOUND, "pubkey", "it was asked for and is missing"));
  }

  private static Evidence evidence(
      Enrolment enrolment, QuoteQuery.Integrity asked, QuoteReply reply, PayloadKey key) {
    PcrSelection selection =
        PcrSelection.ofMask(enrolment.ak().hash(), asked.mask().with(PcrPolicy.PAYLOAD_PCR).bits());
    return new Evidence(
        reply.quote(),
        asked.nonce().bytes(),
        new Coverage.Exactly(selection),
        reply.bootLog(),
        reply
            .ima()
            .map(list ->
                new ImaPart(list.firstEntry(), list.entries().getBytes(StandardCharsets.UTF_8))),
        Optional.of(key.pem().getBytes(StandardCharsets.UTF_8)),
        reply.launchLog());
  }
}
