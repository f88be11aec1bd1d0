package dev.keystead.lab.opinion;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.quote.PcrFile;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an agent answered, in the pieces that other programs take.
 *
 * @param ak the attestation key
 * @param nonce the qualifying data that was asked with
 * @param quote TPMS_ATTEST
 * @param signature TPMT_SIGNATURE
 * @param pcrs the sha256 values
 * @param bootLog as the agent sent it
 */
record AgentEvidence(
    TpmPublic ak,
    byte[] nonce,
    byte[] quote,
    byte[] signature,
    Map<Integer, byte[]> pcrs,
    Optional<byte[]> bootLog) {

  AgentEvidence(TpmPublic ak, byte[] nonce, QuoteReply reply) {
    this(ak, nonce, reply.quote().attest(), signature(reply), pcrs(reply), reply.bootLog());
  }

  private static byte[] signature(QuoteReply reply) {
    TpmWriter out = new TpmWriter();
    reply.quote().signature().write(out);
    return out.toBytes();
  }

  private static Map<Integer, byte[]> pcrs(QuoteReply reply) {
    Map<Integer, byte[]> pcrs = new TreeMap<>();
    reply
        .quote()
        .values()
        .banks()
        .getOrDefault(HashAlg.SHA256, new TreeMap<>())
        .forEach((pcr, value) -> pcrs.put(pcr, value.bytes()));
    return pcrs;
  }

  byte[] pcr(int number) {
    return Objects.requireNonNull(pcrs.get(number));
  }

  AgentEvidence withQuote(byte[] other) {
    return new AgentEvidence(ak, nonce, other, signature, pcrs, bootLog);
  }

  AgentEvidence withPcr(int pcr, byte[] value) {
    Map<Integer, byte[]> changed = new TreeMap<>(pcrs);
    changed.put(pcr, value);
    return new AgentEvidence(ak, nonce, quote, signature, changed, bootLog);
  }

  AgentEvidence withBootLog(byte[] other) {
    return new AgentEvidence(ak, nonce, quote, signature, pcrs, Optional.of(other));
  }

  /** The values as tpm2-tools write them. */
  byte[] pcrFile() {
    Map<Integer, Digest> values = new TreeMap<>();
    pcrs.forEach((pcr, value) -> values.put(pcr, Digest.of(HashAlg.SHA256, value)));
    return PcrFile.write(PcrValues.of(HashAlg.SHA256, values));
  }

  /** As lab/go-attestation reads it. */
  byte[] toJson() {
    JsonObjectBuilder values = Json.object();
    pcrs.forEach((pcr, value) -> values.putBytes64(pcr.toString(), value));
    JsonObjectBuilder out =
        Json.object()
            .putBytes64("ak", ak.toBytes())
            .putBytes64("quote", quote)
            .putBytes64("signature", signature)
            .putBytes64("nonce", nonce)
            .put("pcrs", values);
    bootLog.ifPresent(log -> out.putBytes64("bootLog", log));
    return out.build().toBytes();
  }
}
