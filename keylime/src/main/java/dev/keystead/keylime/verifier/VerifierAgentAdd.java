package dev.keystead.keylime.verifier;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.evidence.json.Limits;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.PemField;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.Optional;

/**
 * The enrolment of an agent with a verifier: the body of POST /agents/{id} (section 7).
 *
 * @param v share V; absent in the push model
 * @param contact where the agent is spoken to
 * @param policies what it is judged by
 * @param metadata the owner's JSON object text, told in revocations
 * @param revocationKey signs revocations about this agent
 * @param accept algorithms that are accepted
 * @param ak the key that its quotes must be signed with, as the owner has verified it
 * @param mtlsCert how it is spoken to, as the owner has verified it
 * @param version the version that the agent speaks
 * @param verifier where the owner reached the verifier
 */
public record VerifierAgentAdd(
    Optional<KeyShare> v,
    ContactAddress contact,
    Policies policies,
    String metadata,
    Optional<RevocationKey> revocationKey,
    AcceptLists accept,
    TpmPublic ak,
    Optional<MtlsCert> mtlsCert,
    ApiVersion version,
    Optional<ContactAddress> verifier) {
  /** What a body may be: it carries a runtime policy. */
  public static final Limits LIMITS = Limits.POLICY;

  private static final int MAX_METADATA = 64 << 10;

  /** A certificate's serial number stands in it, as a number of up to 49 digits. */
  private static final Limits METADATA = new Limits(MAX_METADATA, 16, 4096, MAX_METADATA, 64);

  /** Checks that the metadata is an object. */
  public VerifierAgentAdd {
    Message.parseText(metadata, METADATA, "metadata");
  }

  /** The same with other policies. */
  public VerifierAgentAdd with(Policies policies) {
    return new VerifierAgentAdd(
        v, contact, policies, metadata, revocationKey, accept, ak, mtlsCert, version, verifier);
  }

  /** Reads the body. */
  public static VerifierAgentAdd parse(Json json) {
    return Message.read(json, VerifierAgentAdd::read);
  }

  private static VerifierAgentAdd read(Fields fields) {
    return new VerifierAgentAdd(
        fields.optional("v").map(KeyShare::parse),
        ContactAddress.read(fields, "cloudagent_ip", "cloudagent_port")
            .orElseThrow(() -> WireException.malformed("cloudagent_ip", "missing")),
        Policies.read(fields),
        fields.text("metadata", MAX_METADATA),
        revocationKey(fields),
        AcceptLists.read(fields),
        TpmPublic.parseSized(fields.bytes64("ak_tpm", 1024)),
        Message.nonEmpty(fields, "mtls_cert", PemField.MAX_LENGTH).map(MtlsCert::parse),
        ApiVersion.parse(fields.text("supported_version", 16)),
        ContactAddress.read(fields, "verifier_ip", "verifier_port"));
  }

  private static Optional<RevocationKey> revocationKey(Fields fields) {
    return Optional.of(fields.field("revocation_key").text(PemField.MAX_LENGTH))
        .filter(text -> !text.isEmpty())
        .map(RevocationKey::parse);
  }

  /** The body on the wire; it holds share V and the revocation key in clear. */
  public Json.Obj toJson() {
    JsonObjectBuilder out = Json.object();
    v.ifPresentOrElse(share -> out.put("v", share.toBase64()), () -> out.putNull("v"));
    out.put("cloudagent_ip", contact.host()).put("cloudagent_port", contact.port());
    verifier.ifPresent(
        address -> out.put("verifier_ip", address.host()).put("verifier_port", address.port()));
    policies.write(out);
    out.put("metadata", metadata)
        .put("revocation_key", revocationKey.map(RevocationKey::pem).orElse(""));
    accept.write(out);
    out.putBytes64("ak_tpm", ak.toSizedBytes());
    mtlsCert.ifPresentOrElse(
        cert -> out.put("mtls_cert", cert.toJson()), () -> out.putNull("mtls_cert"));
    return out.put("supported_version", version.toString()).build();
  }
}
