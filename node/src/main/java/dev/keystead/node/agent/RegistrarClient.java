package dev.keystead.node.agent;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Endpoint;
import dev.keystead.http.HttpClient;
import dev.keystead.http.HttpFailure;
import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.registration.Activation;
import dev.keystead.keylime.registration.ChallengeBlob;
import dev.keystead.keylime.registration.ChallengeSecret;
import dev.keystead.keylime.registration.DeviceIdentity;
import dev.keystead.keylime.registration.EkCert;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.keylime.registration.RegistrationReply;
import dev.keystead.node.AgentException;
import dev.keystead.node.identity.QuoteSource;
import dev.keystead.node.identity.TpmIdentity;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.ProtectedCredential;
import java.util.List;
import java.util.Optional;

/**
 * Registers an agent and proves to the registrar that both of its keys are in one TPM (section 3).
 */
public final class RegistrarClient {
  private static final int MAX_HINTS = 8;

  private final HttpClient http;
  private final Endpoint registrar;
  private final AgentId id;
  private final TpmIdentity identity;
  private final QuoteSource tpm;

  /** Registers at this registrar with the keys of this identity. */
  public RegistrarClient(
      HttpClient http, Endpoint registrar, AgentId id, TpmIdentity identity, QuoteSource tpm) {
    this.http = http;
    this.registrar = registrar;
    this.id = id;
    this.identity = identity;
    this.tpm = tpm;
  }

  /**
   * Registers and activates once.
   *
   * @throws AgentException when the registrar refuses, with its words
   * @throws WireException when its reply is not one
   */
  public void register(MtlsCert certificate, ContactAddress contact)
      throws HttpFailure, TpmException, InterruptedException {
    Registration body =
        new Registration(
            Optional.empty(),
            identity.attestationKey(),
            Optional.of(identity.endorsementKey()),
            identity.certificate().map(der -> new EkCert(der, hints())),
            DeviceIdentity.NONE,
            Optional.of(certificate),
            Optional.of(contact));
    ChallengeBlob blob = RegistrationReply.parse(send("POST", body.toJson()).results()).blob();
    Activation proof = activate(new ProtectedCredential(blob.credential(), blob.secret()));
    var _ = send("PUT", proof.toJson());
  }

  /** The TPM's issuer certificates, as many as registrars take. */
  private List<byte[]> hints() {
    return identity.chain().stream().limit(MAX_HINTS).toList();
  }

  private Activation activate(ProtectedCredential credential) throws TpmException {
    try (Secret opened = tpm.exclusively(_ -> identity.activate(credential));
        ChallengeSecret secret = ChallengeSecret.adopt(opened.bytes())) {
      return new Activation(secret.authTag(id));
    }
  }

  private Envelope send(String method, Json.Obj body) throws HttpFailure, InterruptedException {
    String path = "/" + ApiVersion.CURRENT.segment() + "/agents/" + id;
    HttpResponse response =
        http.exchange(registrar, ClientRequest.json(method, path, body.toString()));
    if (response.status() == 403) {
      throw new AgentException(
          "the registrar knows this id with another endorsement or attestation key (403). If this"
              + " node's agent-identity.json or TPM was replaced on purpose, the owner deletes the"
              + " record there; if not, somebody else holds this id");
    }
    Envelope envelope = Envelope.parse(response.body(), Limits.WIRE);
    if (response.status() != 200 || !envelope.isSuccess()) {
      throw new AgentException(
          "the registrar answers " + response.status() + ": " + envelope.status());
    }
    return envelope;
  }
}
