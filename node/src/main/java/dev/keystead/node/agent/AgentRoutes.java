package dev.keystead.node.agent;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.Handler;
import dev.keystead.http.HttpRefusal;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.Peer;
import dev.keystead.http.Target;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.Envelope;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.VersionReply;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.PubkeyReply;
import dev.keystead.keylime.bootstrap.UKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.keylime.bootstrap.VerifyChallenge;
import dev.keystead.keylime.bootstrap.VerifyReply;
import dev.keystead.keylime.quote.AgentInfo;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.node.AgentException;
import dev.keystead.node.bootstrap.Bootstrap;
import dev.keystead.node.revocation.RevocationInbox;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/** What the agent answers (section 4), to clients that have shown a trusted certificate. */
final class AgentRoutes implements Handler {
  private static final System.Logger LOG = System.getLogger(AgentRoutes.class.getName());
  private static final Limits REVOCATION = Limits.WIRE.withBytes(512 << 10);

  private final AgentInfo info;
  private final PubkeyReply pubkey;
  private final EvidenceSource evidence;
  private final Bootstrap bootstrap;
  private final RevocationInbox revocations;

  AgentRoutes(
      AgentInfo info,
      PubkeyReply pubkey,
      EvidenceSource evidence,
      Bootstrap bootstrap,
      RevocationInbox revocations) {
    this.info = info;
    this.pubkey = pubkey;
    this.evidence = evidence;
    this.bootstrap = bootstrap;
    this.revocations = revocations;
  }

  /** The largest body of a request: only a payload is large. */
  static int maxBody(String method, Target target) {
    return switch (String.join("/", target.segments().stream().skip(1).toList())) {
      case "keys/ukey" -> UKey.LIMITS.bytes();
      case "notifications/revocation" -> REVOCATION.bytes();
      default -> 8 << 10;
    };
  }

  /** A refusal in Keylime's envelope. */
  static HttpResponse error(int status, String reason) {
    return HttpResponse.of(status, "application/json", Envelope.error(status, reason).toBytes());
  }

  @Override
  public HttpResponse handle(HttpRequest request) throws IOException {
    try {
      return route(request);
    } catch (WrongMethod e) {
      return e.answer();
    } catch (WireException e) {
      throw new HttpRefusal(400, String.valueOf(e.getMessage()));
    } catch (AgentException | IOException e) {
      LOG.log(System.Logger.Level.ERROR, "a request cannot be answered: {0}", e.getMessage());
      throw new HttpRefusal(500, "the agent cannot answer; its log says why");
    }
  }

  private HttpResponse route(HttpRequest request) throws IOException {
    List<String> path = request.target().segments();
    if (request.target().trailingSlash() || path.isEmpty()) {
      throw new HttpRefusal(404, "no such path");
    }
    if (path.size() == 1 && path.getFirst().equals("version")) {
      requireMethod(request, "GET");
      return success(new VersionReply(ApiVersion.CURRENT, AgentVersions.ALL).toAgentJson());
    }
    ApiVersion version = version(path.getFirst());
    return switch (String.join("/", path.subList(1, path.size()))) {
      case "agent/info" -> {
        requireMethod(request, "GET");
        yield success(info(version));
      }
      case "quotes/identity" -> {
        requireMethod(request, "GET");
        if (OwnerCertificate.isOne(request.peer())) {
          bootstrap.renew(poster(request.peer()));
        }
        yield success(
            evidence
                .answer(QuoteQuery.Identity.parse(request.target()::parameter), version)
                .toJson());
      }
      case "quotes/integrity" -> {
        requireMethod(request, "GET");
        yield success(
            evidence
                .answer(QuoteQuery.Integrity.parse(request.target()::parameter), version)
                .toJson());
      }
      case "keys/pubkey" -> {
        requireMethod(request, "GET");
        yield success(pubkey.toJson());
      }
      case "keys/verify" -> {
        requireMethod(request, "GET");
        yield verify(request);
      }
      case "keys/ukey" -> {
        requireMethod(request, "POST");
        UKey u = UKey.parse(Message.parse(request.body(), UKey.LIMITS));
        yield posted(bootstrap.post(poster(request.peer()), u));
      }
      case "keys/vkey" -> {
        requireMethod(request, "POST");
        VKey v = VKey.parse(Message.parse(request.body(), Limits.WIRE));
        yield posted(bootstrap.post(poster(request.peer()), v));
      }
      case "notifications/revocation" -> {
        requireMethod(request, "POST");
        revocations.take(SignedRevocation.parse(Message.parse(request.body(), REVOCATION)));
        yield success(Envelope.NOTHING);
      }
      default -> throw new HttpRefusal(404, "no such path");
    };
  }

  private static ApiVersion version(String segment) {
    if (!segment.matches("v[0-9]{1,3}(\\.[0-9]{1,3})?")) {
      throw new HttpRefusal(404, "no such path");
    }
    return AgentVersions.find(segment)
        .orElseThrow(() -> new HttpRefusal(400, "API version not supported: " + segment));
  }

  private Json.Obj info(ApiVersion version) {
    return new AgentInfo(
            info.agentId(), AgentVersions.named(info.algorithms(), version), info.akHandle())
        .toJson();
  }

  private HttpResponse verify(HttpRequest request) {
    String challenge =
        request
            .target()
            .parameter("challenge")
            .orElseThrow(() -> new HttpRefusal(400, "challenge: missing"));
    AuthTag answer =
        bootstrap
            .answer(new VerifyChallenge(challenge))
            .orElseThrow(() -> new HttpRefusal(400, VerifyReply.NOT_YET));
    return success(new VerifyReply(answer).toJson());
  }

  private static HttpResponse posted(Bootstrap.Outcome outcome) {
    return switch (outcome) {
      case TAKEN -> success(Envelope.NOTHING);
      case TOO_LATE ->
          error(
              409,
              "this node is bootstrapped already: another key needs a reboot, or the secure"
                  + " directory removed");
    };
  }

  private static void requireMethod(HttpRequest request, String method) {
    if (!request.method().equals(method)) {
      throw new WrongMethod(method);
    }
  }

  /** Who posts, by the certificate that the connection has proved. */
  private static String poster(Peer peer) {
    X509Certificate certificate =
        peer.certificate()
            .orElseThrow(() -> new HttpRefusal(403, "a client certificate is needed"));
    try {
      return HexFormat.of().formatHex(HashAlg.SHA256.hash(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a verified certificate cannot be encoded", e);
    }
  }

  private static HttpResponse success(Json.Obj results) {
    return HttpResponse.of(200, "application/json", Envelope.success(results).toBytes());
  }

  /** A path that is known and asked with another method. */
  private static final class WrongMethod extends RuntimeException {
    private final String allowed;

    WrongMethod(String allowed) {
      super("method not allowed", null, false, false);
      this.allowed = allowed;
    }

    HttpResponse answer() {
      return error(405, "method not allowed").with("Allow", allowed);
    }
  }
}
