package dev.keystead.control.verifier;

import dev.keystead.control.ControlIdentity;
import dev.keystead.control.TestTpm;
import dev.keystead.control.rest.Replies;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.quote.PcrValues;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.http.EventLoops;
import dev.keystead.http.Handler;
import dev.keystead.http.HttpRequest;
import dev.keystead.http.HttpResponse;
import dev.keystead.http.HttpServer;
import dev.keystead.http.ServerConfig;
import dev.keystead.http.tls.Certificates;
import dev.keystead.http.tls.SelfSigned;
import dev.keystead.http.tls.ServerTls;
import dev.keystead.http.tls.Subject;
import dev.keystead.http.tls.TlsIdentity;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.ContactAddress;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.VersionReply;
import dev.keystead.keylime.bootstrap.BootstrapKey;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.bootstrap.VKey;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.keylime.verifier.Policies;
import dev.keystead.keylime.verifier.TpmPolicy;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.command.Attestation;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A node with a real TPM, a real socket and a real IMA list in PCR 10, which answers as it should
 * until a test scripts it otherwise.
 */
final class TestAgent implements AutoCloseable {
  private static final KeyPair PAYLOAD_KEY = rsa();

  final AgentId id;
  final TestTpm tpm;
  final TlsIdentity identity =
      SelfSigned.identity(Subject.local("agent"), Instant.now(), Duration.ofDays(1));
  final List<QuoteQuery.Integrity> asked = new CopyOnWriteArrayList<>();
  final List<KeyShare> shares = new CopyOnWriteArrayList<>();
  final List<SignedRevocation> notices = new CopyOnWriteArrayList<>();

  /** What is changed in each quote reply. */
  volatile UnaryOperator<Json.Obj> tampering = UnaryOperator.identity();

  /** The versions that it speaks. */
  volatile List<ApiVersion> speaks = List.of(ApiVersion.CURRENT);

  /** Answers instead of the agent, when it is there. */
  volatile Optional<Handler> script = Optional.empty();

  /** Takes no notices. */
  volatile boolean deaf;

  private final List<String> list = new CopyOnWriteArrayList<>();
  private final PayloadKey payloadKey = PayloadKey.of((RSAPublicKey) PAYLOAD_KEY.getPublic());
  private final EventLoops loops;
  private final ControlIdentity control;
  private HttpServer server;

  TestAgent(String name, Path state, EventLoops loops, ControlIdentity control)
      throws IOException, TpmException {
    this.id = AgentId.of(name);
    this.loops = loops;
    this.control = control;
    this.tpm = TestTpm.open(state);
    this.server = listen(0, identity);
    // PCR 0 to 9 are as they are after a reset.
    measure("boot_aggregate", HashAlg.SHA256.hash(new byte[10 * 32]));
  }

  private HttpServer listen(int port, TlsIdentity as) throws IOException {
    return HttpServer.start(
        loops,
        ServerConfig.tls(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            ServerTls.required(as, control.trust())),
        this::handle);
  }

  int port() {
    return server.port();
  }

  /** Goes away. */
  int vanish() {
    int port = server.port();
    server.close();
    return port;
  }

  /** Comes back, with an identity. */
  void reappear(int port, TlsIdentity as) throws IOException {
    server = listen(port, as);
  }

  /** Measures a file as the kernel does: a line in the list, and PCR 10 extended. */
  synchronized void measure(String file, byte[] digest) throws TpmException {
    byte[] name = file.getBytes(StandardCharsets.UTF_8);
    byte[] data =
        ByteBuffer.allocate(4 + 8 + digest.length + 4 + name.length + 1)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(8 + digest.length)
            .put("sha256:\0".getBytes(StandardCharsets.US_ASCII))
            .put(digest)
            .putInt(name.length + 1)
            .put(name)
            .array();
    list.add(
        "10 %s ima-ng sha256:%s %s"
            .formatted(
                HexFormat.of().formatHex(HashAlg.SHA1.hash(data)),
                HexFormat.of().formatHex(digest),
                file));
    tpm.tpm()
        .execute(
            new Pcr.Extend(
                Handle.pcr(10).withEmptyAuth(), List.of(Digest.hash(HashAlg.SHA256, data))));
  }

  private HttpResponse handle(HttpRequest request) throws Exception {
    if (script.isPresent()) {
      return script.get().handle(request);
    }
    List<String> segments = request.target().segments();
    if (segments.equals(List.of("version"))) {
      return Replies.success(new VersionReply(speaks.getLast(), speaks).toAgentJson());
    }
    String version = segments.getFirst();
    if (speaks.stream().noneMatch(each -> each.segment().equals(version))) {
      return Replies.error(400, "API version not supported: " + version);
    }
    return switch (String.join("/", segments.subList(1, segments.size()))) {
      case "quotes/integrity" -> integrity(request);
      case "keys/vkey" -> {
        byte[] wrapped = VKey.parse(Json.parse(request.body(), Limits.WIRE)).encryptedKey();
        shares.add(PayloadKey.unwrap(PAYLOAD_KEY.getPrivate(), wrapped));
        yield HttpResponse.json(200, "{\"code\":200,\"status\":\"Success\",\"results\":null}");
      }
      case "notifications/revocation" -> {
        if (deaf) {
          yield HttpResponse.of(500);
        }
        notices.add(SignedRevocation.parse(Json.parse(request.body(), Limits.WIRE)));
        yield HttpResponse.json(200, "{\"code\":200,\"status\":\"Success\",\"results\":null}");
      }
      default -> Replies.error(404, "no such path");
    };
  }

  HttpResponse integrity(HttpRequest request) throws TpmException {
    QuoteQuery.Integrity query = QuoteQuery.Integrity.parse(request.target()::parameter);
    asked.add(query);
    return Replies.success(tampering.apply(answer(query).toJson()));
  }

  synchronized QuoteReply answer(QuoteQuery.Integrity query) throws TpmException {
    var pcr16 = Handle.pcr(16).withEmptyAuth();
    tpm.tpm().execute(new Pcr.Reset(pcr16));
    tpm.tpm().execute(new Pcr.Extend(pcr16, List.of(payloadKey.binding(HashAlg.SHA256))));
    int first = query.imaEntry() > list.size() ? 0 : query.imaEntry();
    String entries = entries(first);
    return new QuoteReply(
        quote(query.nonce().bytes(), query.mask().with(16)),
        QuoteAlgorithms.of(tpm.ak().area()),
        query.partial() ? Optional.empty() : Optional.of(payloadKey),
        Optional.of(new QuoteReply.ImaList(entries, first)),
        Optional.empty(),
        Optional.empty());
  }

  /** The TPM's quote. */
  synchronized Quote quote(byte[] nonce, PcrMask mask) throws TpmException {
    PcrSelection selection = PcrSelection.ofMask(HashAlg.SHA256, mask.bits());
    Attestation quote =
        tpm.tpm()
            .execute(
                new dev.keystead.tpm.command.Quote(
                    tpm.ak().handle().withEmptyAuth(), nonce, selection));
    var values =
        dev.keystead.tpm.property.PcrValues.read(tpm.tpm(), selection).bank(HashAlg.SHA256);
    return new Quote(
        quote.attest(), quote.signature(), PcrValues.of(HashAlg.SHA256, new TreeMap<>(values)));
  }

  int measurements() {
    return list.size();
  }

  /** The list from an entry on. */
  String entries(int first) {
    StringBuilder entries = new StringBuilder();
    list.subList(first, list.size()).forEach(line -> entries.append(line).append('\n'));
    return entries.toString();
  }

  /** A policy that lists what has been measured up to now. */
  byte[] policy() {
    Map<String, List<String>> digests = new TreeMap<>();
    for (String line : list) {
      String[] parts = line.split(" ", 5);
      digests
          .computeIfAbsent(parts[4], name -> new ArrayList<>())
          .add(parts[3].substring("sha256:".length()));
    }
    var files = Json.object();
    digests.forEach((name, allowed) -> files.put(name, Json.strings(allowed)));
    return Json.object()
        .put("meta", Json.object().put("version", 1).put("generator", 3))
        .put("release", 0)
        .put("digests", files)
        .put("excludes", Json.strings(List.of("boot_aggregate")))
        .put("keyrings", Json.object())
        .put(
            "ima",
            Json.object()
                .put("ignored_keyrings", Json.strings(List.of()))
                .put("log_hash_alg", "sha1")
                .putNull("dm_policy"))
        .put("ima-buf", Json.object())
        .put("verification-keys", "")
        .build()
        .toBytes();
  }

  /** How the owner enrols this node. */
  VerifierAgentAdd enrolment(Optional<KeyShare> share, Optional<RevocationKey> key) {
    TpmPolicy pcrs = new TpmPolicy(PcrMask.NONE.with(PcrMask.IMA_PCR), new TreeMap<>());
    return new VerifierAgentAdd(
        share,
        new ContactAddress("127.0.0.1", port()),
        new Policies(
            pcrs,
            Optional.of(policy()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        "{}",
        key,
        AcceptLists.DEFAULT,
        tpm.ak().area(),
        Optional.of(MtlsCert.parse(Certificates.toPem(List.of(identity.certificate())))),
        ApiVersion.CURRENT,
        Optional.empty());
  }

  /** How the owner enrols this node when it brings its evidence. */
  VerifierAgentAdd pushEnrolment(Optional<RevocationKey> key) {
    VerifierAgentAdd pull = enrolment(Optional.empty(), key);
    return new VerifierAgentAdd(
        Optional.empty(),
        pull.contact(),
        pull.policies(),
        pull.metadata(),
        pull.revocationKey(),
        pull.accept(),
        pull.ak(),
        Optional.of(new MtlsCert.Disabled()),
        pull.version(),
        pull.verifier());
  }

  static KeyShare share() {
    return BootstrapKey.generate(new SecureRandom()).split(new SecureRandom()).v();
  }

  private static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair revocationKey() {
    return PAYLOAD_KEY;
  }

  @Override
  public void close() throws TpmException {
    server.close();
    tpm.close();
  }
}
