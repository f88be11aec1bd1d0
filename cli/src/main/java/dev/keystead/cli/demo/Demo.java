package dev.keystead.cli.demo;

import dev.keystead.control.ControlEvent;
import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.control.ledger.Head;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.embedded.TpmMaker;
import dev.keystead.tenant.Enrolled;
import dev.keystead.tenant.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The whole story with real parts: each step is done only when its effect was seen, and the first
 * that does not happen in time ends it.
 */
final class Demo implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int NODES = 3;
  private static final int POLLS = 3;

  private final Path folder;
  private final Timeline timeline;
  private final DemoControl control;
  private final List<DemoNode> nodes = new CopyOnWriteArrayList<>();
  private final ProgramChapter programs;
  private final AtomicBoolean closed = new AtomicBoolean();

  Demo(Path folder, Timeline timeline) throws IOException {
    this.folder = folder;
    this.timeline = timeline;
    this.programs = new ProgramChapter(folder, timeline);
    this.control = new DemoControl(folder.resolve("control"), INTERVAL);
  }

  /** Tells the story; the timeline says whether it came true. */
  void run() throws InterruptedException {
    try {
      timeline.since(() -> Duration.ZERO, "start", "control plane", this::started);
      enrolAll();
      for (DemoNode node : nodes) {
        bootstrap(node);
      }
      watch(nodes, "each proved itself 3 times more");
      DemoNode bad = nodes.get(1);
      List<DemoNode> good = List.of(nodes.getFirst(), nodes.getLast());
      cutOff(bad, good);
      watch(good, "still trusted, still watched");
      timeline.step("cut off", bad.id().value(), () -> untrusted(bad));
      timeline.step("ledger", "verifier", () -> recorded(bad));
      programs.tell();
    } catch (DemoException e) {
      timeline.say("");
    }
  }

  private String started() {
    return "registrar on ports %d (agents) and %d (mTLS), verifier on %d (mTLS)"
        .formatted(
            control.registrar().plainPort(),
            control.registrar().tlsPort(),
            control.verifier().port());
  }

  /** All at once; each node is on its own. */
  private void enrolAll() throws InterruptedException {
    Path maker = folder.resolve("tpm-maker");
    var _ = TpmMaker.open(maker);
    List<Future<?>> enrolling = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= NODES; i++) {
        AgentId id = AgentId.of("node-" + i);
        enrolling.add(threads.submit(() -> enrol(id, maker)));
      }
    }
    if (enrolling.stream().anyMatch(node -> node.state() != Future.State.SUCCESS)) {
      throw new DemoException("not all nodes enrolled");
    }
    nodes.sort(Comparator.comparing(DemoNode::id));
  }

  private DemoNode enrol(AgentId id, Path maker) throws InterruptedException {
    DemoNode[] node = new DemoNode[1];
    timeline.step(
        "enrol",
        id.value(),
        () -> {
          node[0] =
              new DemoNode(
                  id,
                  folder.resolve(id.value()),
                  maker,
                  control.registration(),
                  control.identityFolder().resolve("cacert.crt"));
          nodes.add(node[0]);
          return "a new TPM, its endorsement key certified; agent on port "
              + node[0].agent().port();
        });
    timeline.step(
        "activate",
        id.value(),
        () -> {
          require(node[0].agent().awaitActivated(PATIENCE), "the registrar did not activate it");
          require(
              control.tenant().status(id).registered().isPresent(),
              "the registrar does not know it");
          return "its TPM opened the credential that only it could open";
        });
    return node[0];
  }

  private void bootstrap(DemoNode node) throws InterruptedException {
    String name = node.id().value();
    Duration[] begun = {timeline.now()};
    timeline.since(
        () -> begun[0],
        "bootstrap",
        name,
        () -> {
          Owned owned = Owned.of(folder, node);
          Enrolled enrolled =
              control
                  .tenant()
                  .add(
                      owned.request(PATIENCE),
                      (stage, detail, took) -> {
                        if (stage == Progress.Stage.PREPARED) {
                          begun[0] = timeline.seen("prepare", name, begun[0], detail);
                        } else if (stage == Progress.Stage.ENDORSEMENT_ACCEPTED) {
                          begun[0] = timeline.seen("attest", name, begun[0], detail);
                        }
                      });
          require(enrolled.keyProven(), "it did not prove that it has the key");
          node.events()
              .await(
                  0, AgentEvent.Bootstrapped.class, _ -> true, PATIENCE, "unpacking the payload");
          Path delivered = node.agent().payload().resolve(Owned.SECRET);
          require(Files.readString(delivered).equals(owned.secret()), "the secret did not arrive");
          return "U from the owner, V from the verifier; decrypted into " + delivered;
        });
  }

  private void watch(List<DemoNode> watched, String seen) throws InterruptedException {
    timeline.step(
        "watch",
        watched.size() + " nodes",
        () -> {
          int from = control.events().count();
          List<Duration> times = new ArrayList<>();
          for (DemoNode node : watched) {
            times.addAll(polls(node, from));
            require(
                status(node).attestationStatus() == AttestationStatus.PASS,
                "the verifier does not trust " + node.id());
          }
          Duration median = times.stream().sorted().toList().get(times.size() / 2);
          return "%s; one proof takes %.1f ms".formatted(seen, median.toNanos() / 1e6);
        });
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

  private void cutOff(DemoNode bad, List<DemoNode> good) throws InterruptedException {
    int from = control.events().count();
    Duration begun = timeline.now();
    Path[] program = new Path[1];
    timeline.step(
        "tamper",
        bad.id().value(),
        () -> {
          program[0] = bad.run("unlisted-tool");
          return "a program that no policy lists was run: " + program[0];
        });
    timeline.since(
        () -> begun, "detect", bad.id().value(), () -> detected(bad, from, program[0].toString()));
    for (DemoNode node : good) {
      timeline.since(() -> begun, "revoke", node.id().value(), () -> told(node, bad));
    }
    for (DemoNode node : good) {
      timeline.since(() -> begun, "act", node.id().value(), () -> acted(node, bad));
    }
  }

  private String detected(DemoNode bad, int from, String program) throws InterruptedException {
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
    require(reason.contains(program), "the finding does not name the file: " + reason);
    return reason;
  }

  private static String told(DemoNode node, DemoNode bad) throws InterruptedException {
    node.events()
        .await(
            0,
            AgentEvent.RevocationTaken.class,
            taken -> taken.agentId().equals(bad.id().value()),
            PATIENCE,
            "the revocation");
    return "the verifier told it, signed, that %s is trusted no more".formatted(bad.id());
  }

  private static String acted(DemoNode node, DemoNode bad)
      throws InterruptedException, IOException {
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
    return "its action ran and wrote " + marker;
  }

  private String untrusted(DemoNode bad) {
    VerifierAgentStatus status = status(bad);
    require(
        status.attestationStatus() == AttestationStatus.FAIL,
        "the verifier says " + status.attestationStatus());
    return "the verifier says FAIL, state " + status.state();
  }

  private String recorded(DemoNode bad) {
    Head head = control.verifier().ledger().verify();
    require(
        control.verifier().ledger().entries(0, 1000).stream()
            .anyMatch(entry -> isFailure(entry, bad)),
        "the decision about %s is not in the ledger".formatted(bad.id()));
    return "%d decisions, the chain is whole".formatted(head.seq());
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

  /** Stops everything; a second time it does nothing. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    programs.close();
    nodes.forEach(DemoNode::close);
    control.close();
  }
}
