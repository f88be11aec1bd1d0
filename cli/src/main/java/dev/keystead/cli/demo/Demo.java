package dev.keystead.cli.demo;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Head;
import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.policy.RuntimePolicyWriter;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.embedded.TpmMaker;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.Enrolled;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tenant.Progress;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The whole story with real parts: each step is done only when its effect was seen, and the first
 * that does not happen in time ends it.
 */
final class Demo implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int NODES = 3;
  private static final int POLLS = 3;
  private static final String SECRET = "secret.txt";

  private final Path folder;
  private final Timeline timeline;
  private final DemoControl control;
  private final List<DemoNode> nodes = new ArrayList<>();
  private String step = "start";
  private String who = "";

  Demo(Path folder, Timeline timeline) throws IOException {
    this.folder = folder;
    this.timeline = timeline;
    Duration begun = timeline.now();
    this.control = new DemoControl(folder.resolve("control"), INTERVAL);
    timeline.done(
        "start",
        "control plane",
        timeline.now().minus(begun),
        "registrar on ports %d (agents) and %d (mTLS), verifier on %d (mTLS)"
            .formatted(
                control.registrar().plainPort(),
                control.registrar().tlsPort(),
                control.verifier().port()));
  }

  /** Tells the story; the timeline says whether it came true. */
  void run() throws InterruptedException {
    try {
      for (int i = 1; i <= NODES; i++) {
        enrol(AgentId.of("node-" + i));
      }
      for (DemoNode node : nodes) {
        bootstrap(node);
      }
      watch(nodes, "3 polls and more, each with a fresh nonce and quote");
      DemoNode bad = nodes.get(1);
      List<DemoNode> good = List.of(nodes.getFirst(), nodes.getLast());
      cutOff(bad, good);
      watch(good, "still trusted, still watched");
      requireUntrusted(bad);
      checkLedger(bad);
    } catch (DemoException | IOException | GeneralSecurityException e) {
      timeline.failed(step, who, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      timeline.failed(step, who, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private Duration begin(String nextStep, String about) {
    step = nextStep;
    who = about;
    return timeline.now();
  }

  private void done(Duration begun, String detail) {
    timeline.done(step, who, timeline.now().minus(begun), detail);
  }

  private void enrol(AgentId id) throws IOException, InterruptedException {
    Duration begun = begin("enrol", id.value());
    DemoNode node =
        new DemoNode(
            id,
            folder.resolve(id.value()),
            folder.resolve("tpm-maker"),
            control.registration(),
            control.identityFolder().resolve("cacert.crt"));
    nodes.add(node);
    done(begun, "a new TPM, its endorsement key certified; agent on port " + node.agent().port());

    begun = begin("activate", id.value());
    if (!node.agent().awaitActivated(PATIENCE)) {
      throw new DemoException("the registrar did not activate it");
    }
    require(control.tenant().status(id).registered().isPresent(), "the registrar does not know it");
    done(begun, "its TPM opened the credential that only it could open");
  }

  private void bootstrap(DemoNode node)
      throws IOException, InterruptedException, GeneralSecurityException {
    Duration begun = begin("attest", node.id().value());
    Path owner = Files.createDirectories(folder.resolve("owner").resolve(node.id().value()));
    Path policy = owner.resolve("policy.json");
    Files.write(
        policy,
        RuntimePolicyWriter.fromList(
                Files.readAllBytes(node.list().file()), HashAlg.SHA1, Instant.now())
            .toBytes());
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String secret = "the secret of %s: %s%n".formatted(node.id(), HexFormat.of().formatHex(random));
    Path secretFile = Files.writeString(owner.resolve(SECRET), secret);
    Path actions = Files.writeString(owner.resolve("action_list"), DemoNode.ACTION + "\n");
    byte[] root = TpmMaker.open(folder.resolve("tpm-maker")).root().getEncoded();
    Duration[] attested = {begun};
    Enrolled enrolled =
        control
            .tenant()
            .add(
                new AddRequest(
                    node.id(),
                    new PayloadSource.CertificatePackage(
                        folder.resolve("owner").resolve("ca"), List.of(secretFile, actions)),
                    PolicySource.ofRuntime(policy),
                    new Endorsement.Makers(EndorsementStore.of(List.of(root))),
                    AcceptLists.DEFAULT,
                    Optional.of(PATIENCE)),
                (stage, detail, took) -> {
                  if (stage == Progress.Stage.ENDORSEMENT_ACCEPTED) {
                    done(begun, detail);
                    attested[0] = begin("bootstrap", node.id().value());
                  }
                });
    require(enrolled.keyProven(), "it did not prove that it has the key");
    node.events()
        .await(0, AgentEvent.Bootstrapped.class, _ -> true, PATIENCE, "unpacking the payload");
    Path delivered = node.agent().payload().resolve(SECRET);
    require(Files.readString(delivered).equals(secret), "the secret did not arrive");
    done(attested[0], "U from the owner, V from the verifier; decrypted into " + delivered);
  }

  private void watch(List<DemoNode> watched, String detail) throws InterruptedException {
    Duration begun = begin("watch", watched.size() + " nodes");
    int from = control.events().count();
    List<Duration> times = new ArrayList<>();
    for (DemoNode node : watched) {
      times.addAll(polls(node, from));
      VerifierAgentStatus status = status(node);
      require(
          status.attestationStatus() == AttestationStatus.PASS,
          "the verifier says %s of %s".formatted(status.attestationStatus(), node.id()));
    }
    Duration median = times.stream().sorted().toList().get(times.size() / 2);
    done(begun, "%s; one takes %.1f ms".formatted(detail, median.toNanos() / 1e6));
  }

  private List<Duration> polls(DemoNode node, int from) throws InterruptedException {
    List<Duration> times = new ArrayList<>();
    Set<ControlEvent> counted = new HashSet<>();
    while (times.size() < POLLS) {
      ControlEvent.Passed passed =
          control
              .events()
              .await(
                  from,
                  ControlEvent.Passed.class,
                  event -> event.agent().equals(node.id()) && !counted.contains(event),
                  PATIENCE,
                  "good evidence of " + node.id());
      counted.add(passed);
      times.add(passed.took());
    }
    return times;
  }

  private void cutOff(DemoNode bad, List<DemoNode> good) throws IOException, InterruptedException {
    int from = control.events().count();
    Duration tampered = begin("tamper", bad.id().value());
    Path program = bad.run("unlisted-tool");
    done(tampered, "a program that no policy lists was run: " + program);

    begin("detect", bad.id().value());
    ControlEvent.Failed failed =
        control
            .events()
            .await(
                from,
                ControlEvent.Failed.class,
                event -> event.agent().equals(bad.id()),
                PATIENCE,
                "detection");
    String reason = String.join("; ", failed.reasons());
    require(reason.contains(program.toString()), "the finding does not name the file: " + reason);
    done(tampered, reason);

    for (DemoNode node : good) {
      begin("revoke", node.id().value());
      node.events()
          .await(
              0,
              AgentEvent.RevocationTaken.class,
              taken -> taken.agentId().equals(bad.id().value()),
              PATIENCE,
              "the revocation");
      done(tampered, "it was told that %s is trusted no more, signed".formatted(bad.id()));
    }
    for (DemoNode node : good) {
      begin("act", node.id().value());
      node.events()
          .await(
              0,
              AgentEvent.ActionRan.class,
              ran -> ran.name().equals(DemoNode.ACTION) && ran.exit() == 0,
              PATIENCE,
              "the action");
      Path marker = node.agent().payload().resolve(DemoNode.MARKER);
      require(
          Files.readString(marker).contains("\"" + bad.id() + "\""),
          "the action left no trace in " + marker);
      done(tampered, "its action ran: " + marker);
    }
  }

  private void requireUntrusted(DemoNode bad) {
    Duration begun = begin("cut off", bad.id().value());
    VerifierAgentStatus status = status(bad);
    require(
        status.attestationStatus() == AttestationStatus.FAIL,
        "the verifier says " + status.attestationStatus());
    done(begun, "the verifier says %s, state %s".formatted("FAIL", status.state()));
  }

  private void checkLedger(DemoNode bad) {
    Duration begun = begin("ledger", "verifier");
    Head head = control.verifier().ledger().verify();
    boolean written =
        control.verifier().ledger().entries(0, 1000).stream()
            .anyMatch(entry -> isFailure(entry, bad));
    require(written, "the decision about %s is not in the ledger".formatted(bad.id()));
    done(begun, "%d decisions, the chain is whole".formatted(head.seq()));
  }

  private static boolean isFailure(Entry entry, DemoNode node) {
    return entry.kind() == EntryKind.FAILED && entry.subject().equals(node.id().value());
  }

  private VerifierAgentStatus status(DemoNode node) {
    return control
        .tenant()
        .status(node.id())
        .attested()
        .orElseThrow(() -> new DemoException("the verifier does not know " + node.id()));
  }

  private static void require(boolean happened, String otherwise) {
    if (!happened) {
      throw new DemoException(otherwise);
    }
  }

  DemoControl control() {
    return control;
  }

  List<DemoNode> nodes() {
    return nodes;
  }

  @Override
  public void close() {
    nodes.forEach(DemoNode::close);
    control.close();
  }
}
