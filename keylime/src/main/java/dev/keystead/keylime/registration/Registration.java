package dev.keystead.keylime.registration;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonObjectBuilder;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.PemField;
import dev.keystead.tpm.structure.TpmPublic;
import java.util.Optional;

/**
 * The body of a registration (section 3.1). All forms that agents have sent are read: with the id
 * in the path or as a field, the certificate in PEM or base64 DER, the port as a number or text,
 * the endorsement key given or left to its certificate.
 *
 * @param agentId when it stands in the body
 * @param ak the attestation key, unjudged
 * @param ek the endorsement key, unjudged
 * @param ekCert its certificate, unjudged
 * @param identity device identity, unjudged
 * @param mtlsCert how the agent is spoken to
 * @param contact where
 */
public record Registration(
    Optional<AgentId> agentId,
    TpmPublic ak,
    Optional<TpmPublic> ek,
    Optional<EkCert> ekCert,
    DeviceIdentity identity,
    Optional<MtlsCert> mtlsCert,
    Optional<ContactAddress> contact) {
  private static final int MAX_PUBLIC = 1024;

  /** Reads the body. */
  public static Registration parse(Json json) {
    return Message.read(json, Registration::read);
  }

  private static Registration read(Fields fields) {
    return new Registration(
        fields.optional("agent_id").map(f -> AgentId.of(f.text(AgentId.MAX_LENGTH))),
        TpmPublic.parseSized(fields.bytes64("aik_tpm", MAX_PUBLIC)),
        publicArea(fields, "ek_tpm"),
        fields.optional("ekcert").flatMap(EkCert::parse),
        DeviceIdentity.read(fields),
        Message.nonEmpty(fields, "mtls_cert", PemField.MAX_LENGTH).map(MtlsCert::parse),
        ContactAddress.read(fields, "ip", "port"));
  }

  static Optional<TpmPublic> publicArea(Fields fields, String name) {
    return fields.optionalBytes64(name, MAX_PUBLIC).map(TpmPublic::parseSized);
  }

  /** The body as current agents send it. */
  public Json.Obj toJson() {
    JsonObjectBuilder out = Json.object();
    agentId.ifPresent(id -> out.put("agent_id", id.value()));
    out.putBytes64("aik_tpm", ak.toSizedBytes());
    ek.ifPresent(key -> out.putBytes64("ek_tpm", key.toSizedBytes()));
    out.put("ekcert", ekCert.map(EkCert::toPem).orElse(""));
    identity.write(out);
    contact.ifPresent(c -> out.put("ip", c.host()));
    mtlsCert.ifPresent(cert -> out.put("mtls_cert", cert.toJson()));
    contact.ifPresent(c -> out.put("port", c.port()));
    return out.build();
  }
}
