package dev.keystead.lab.kill;

import dev.keystead.control.ControlIdentity;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.lab.process.Swtpm;
import dev.keystead.node.embedded.TpmMaker;
import dev.keystead.node.secure.PrivateTree;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.Enrolled;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tenant.Progress;
import dev.keystead.tenant.Tenant;
import dev.keystead.tenant.TenantConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A control plane and two nodes, each a process, and their owner, who is this test. The steady node
 * has a TPM that outlives its agent, as a machine has; the other's TPM is inside of its agent, so
 * that its death is the machine's loss of power.
 */
final class Fleet implements AutoCloseable {
  static final AgentId STEADY = AgentId.of("steady");
  static final AgentId BRITTLE = AgentId.of("brittle");
  static final int FILES = 3000;
  static final int BRITTLE_FILES = 200;

  final Path folder;
  final Path notices;
  final Child registrar;
  final Child verifier;
  final Child steady;
  final Child brittle;
  final ImaList steadyList;
  final ImaList brittleList;
  final Tenant owner;
  private final Path secrets;
  private final Swtpm tpm;
  private final EventLoops loops;
  private final HttpClient http;

  Fleet(Path folder) throws IOException {
    this.folder = folder;
    secrets = Files.createTempDirectory(Path.of("/dev/shm"), "keystead-kill-");
    notices = Files.createDirectory(folder.resolve("notices"));
    List<Integer> ports = freePorts(5);
    steadyList = node(STEADY, FILES);
    brittleList = node(BRITTLE, BRITTLE_FILES);
    action();
    tpm = Swtpm.start(folder);
    registrar = child("registrar", ports.get(0), ports.get(1));
    verifier = child("verifier", ports.get(2));
    steady = agent(STEADY, "unix:" + tpm.address().path(), ports.get(3), ports.get(0));
    brittle = agent(BRITTLE, "embedded:" + folder.resolve("tpm"), ports.get(4), ports.get(0));
    loops = EventLoops.start(1);
    http = HttpClient.open(loops, ClientLimits.defaults());
    ControlIdentity identity =
        ControlIdentity.open(folder.resolve("cv_ca"), InstantSource.system());
    ClientTls tls = ClientTls.mutual(identity.client(), identity.trust());
    owner =
        new Tenant(
            new TenantConfig(
                Endpoint.tls("127.0.0.1", ports.get(1), tls),
                Endpoint.tls("127.0.0.1", ports.get(2), tls),
                identity.client(),
                Duration.ofSeconds(20)),
            http,
            new SecureRandom(),
            InstantSource.system());
  }

  private ImaList node(AgentId id, int files) throws IOException {
    Path home = Files.createDirectory(folder.resolve(id.value()));
    ImaList list = new ImaList(home.resolve("ima"));
    list.boot(files);
    Files.write(home.resolve("policy.json"), list.policy());
    return list;
  }

  /** What the payload brings: each message that is acted on becomes a file. */
  private void action() throws IOException {
    Files.writeString(folder.resolve("action_list"), "note\n");
    Files.writeString(
        folder.resolve("note"),
        """
        #!/bin/sh
        set -e
        new=$(mktemp %1$s/.new-XXXXXX)
        cat "$1" > "$new"
        mv "$new" %1$s/$(basename "$new" | cut -c 2-).json
        """
            .formatted(notices));
  }

  private Child child(String part, Object... ports) {
    List<String> arguments = new ArrayList<>(List.of(part, folder.toString()));
    for (Object port : ports) {
      arguments.add(port.toString());
    }
    return new Child(part, folder, arguments);
  }

  private Child agent(AgentId id, String tpm, int port, int registrarPort) {
    return new Child(
        id.value(),
        folder,
        List.of(
            "agent",
            folder.toString(),
            id.value(),
            tpm,
            Integer.toString(port),
            Integer.toString(registrarPort),
            secure(id).toString()));
  }

  /** Where its secrets lie: on a tmpfs, which outlives the agent and not the machine. */
  private Path secure(AgentId id) {
    return secrets.resolve(id.value());
  }

  /** How often any of it was killed. */
  int deaths() {
    return Stream.of(registrar, verifier, steady, brittle).mapToInt(Child::deaths).sum();
  }

  /** What a machine forgets when it is switched off. */
  void loseMemory(AgentId id) throws IOException {
    PrivateTree.delete(secure(id));
  }

  /** Whether the payload has arrived whole. */
  boolean hasPayload(AgentId id) throws IOException {
    if (!Files.exists(secure(id))) {
      return false;
    }
    try (Stream<Path> files = Files.walk(secure(id))) {
      return files.anyMatch(file -> file.endsWith("note"));
    }
  }

  /** The owner enrols a node, with a package that lets it check revocations and act on them. */
  Enrolled add(AgentId id, Progress progress) {
    Path home = folder.resolve(id.value());
    return owner.add(
        new AddRequest(
            id,
            new PayloadSource.CertificatePackage(
                folder.resolve("software_ca"),
                List.of(folder.resolve("action_list"), folder.resolve("note"))),
            PolicySource.ofRuntime(home.resolve("policy.json")),
            id.equals(STEADY) ? new Endorsement.Unendorsed() : makers(),
            AcceptLists.DEFAULT,
            Optional.of(Duration.ofSeconds(20))),
        progress);
  }

  private Endorsement makers() {
    try {
      byte[] root = TpmMaker.open(folder.resolve("maker")).root().getEncoded();
      return new Endorsement.Makers(EndorsementStore.of(List.of(root)));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  /** What the verifier tells of a node, when it is there to ask and has it. */
  Optional<VerifierAgentStatus> status(AgentId id) {
    return owner.status(id).attested();
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }

  @Override
  public void close() throws IOException {
    try {
      for (Child child : List.of(brittle, steady, verifier, registrar)) {
        child.end();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    tpm.close();
    http.close();
    loops.close();
    PrivateTree.delete(secrets);
  }
}
