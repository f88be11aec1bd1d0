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
 * What a registrar tells of an active agent (section 3.1, last line).
 *
 * @param registrations how often it registered with changed keys or certificates
 */
public record AgentRecord(
    AgentId agentId,
    Optional<TpmPublic> ek,
    Optional<EkCert> ekCert,
    TpmPublic ak,
    Optional<MtlsCert> mtlsCert,
    Optional<ContactAddress> contact,
    int registrations) {
  /** Reads the results. */
  public static AgentRecord parse(Json json) {
    return Message.read(json, AgentRecord::read);
  }

  private static AgentRecord read(Fields fields) {
    return new AgentRecord(
        AgentId.of(fields.text("agent_id", AgentId.MAX_LENGTH)),
        Registration.publicArea(fields, "ek_tpm"),
        fields.optional("ekcert").flatMap(EkCert::parse),
        TpmPublic.parseSized(fields.bytes64("aik_tpm", 1024)),
        Message.nonEmpty(fields, "mtls_cert", PemField.MAX_LENGTH).map(MtlsCert::parse),
        ContactAddress.read(fields, "ip", "port"),
        fields.integer("regcount", 0, Integer.MAX_VALUE));
  }

  /** The results on the wire; what is not known is null. */
  public Json.Obj toJson() {
    JsonObjectBuilder out = Json.object().put("agent_id", agentId.value());
    ek.ifPresentOrElse(
        key -> out.putBytes64("ek_tpm", key.toSizedBytes()), () -> out.putNull("ek_tpm"));
    return out.put("ekcert", Message.orNull(ekCert.map(EkCert::toRecordJson)))
        .putBytes64("aik_tpm", ak.toSizedBytes())
        .put("ip", Message.orNull(contact.map(c -> Json.of(c.host()))))
        .put("port", Message.orNull(contact.map(c -> Json.of(c.port()))))
        .put("mtls_cert", Message.orNull(mtlsCert.map(MtlsCert::toJson)))
        .put("regcount", registrations)
        .build();
  }
}
