package dev.keystead.lab.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ledger.Entry;
import dev.keystead.control.ledger.EntryKind;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import dev.keystead.tenant.Progress.Stage;
import dev.keystead.tenant.Removal;
import dev.keystead.tenant.TenantException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of servers and agents, fifty times, at random moments of registration, bootstrap, polling
 * and revocation. KILL_SEED repeats the choices of an earlier run; the moments themselves are the
 * machine's.
 */
@Tag("slow")
class KillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<Stage> STAGES = List.copyOf(EnumSet.allOf(Stage.class));
  private static final Pattern SENT = Pattern.compile("Quoted\\[imaEntries=(\\d+), .*");
  private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":(\\d+)");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private Random random = new Random(0);

  @Test
  void fiftyDeathsLoseNoDecisionAndTrustNothing() throws Exception {
    String given = System.getenv("KILL_SEED");
    long seed = given == null ? System.nanoTime() : Long.parseLong(given);
    System.out.println("KILL_SEED=" + seed);
    random = new Random(seed);
    try (Fleet fleet = new Fleet(folder)) {
      duringRegistration(fleet, 10);
      fleet.verifier.start();
      fleet.verifier.awaitStarted();
      for (int i = 0; i < 6; i++) {
        duringBootstrap(fleet, i % 2 == 0 ? Fleet.BRITTLE : Fleet.STEADY);
      }
      awaitGood(fleet, Fleet.STEADY);
      awaitGood(fleet, Fleet.BRITTLE);
      assertThat(sentEntries(fleet.steady.lines(0))).contains(Fleet.FILES);
      int readOnce = fleet.steady.said();
      duringPolling(fleet, 12);
      try (Onlooker onlooker = new Onlooker(fleet, Fleet.BRITTLE)) {
        for (int i = 0; i < 4; i++) {
          duringRevocation(fleet, onlooker, "/tmp/unlisted-" + i);
        }
        assertThat(onlooker.wrong()).isEmpty();
        assertThat(onlooker.answers()).isGreaterThan(100);
      }
      assertThat(sentEntries(fleet.steady.lines(readOnce)))
          .isNotEmpty()
          .allMatch(entries -> entries < Fleet.FILES / 10);
      assertThat(fleet.deaths()).isEqualTo(50);
    }
  }

  /** Keys are made, TPMs manufactured, credentials opened; in the end both TPMs are registered. */
  private void duringRegistration(Fleet fleet, int kills) throws Exception {
    List<Child> children = List.of(fleet.registrar, fleet.steady, fleet.brittle);
    for (Child child : children) {
      child.start();
    }
    for (int i = 0; i < kills; i++) {
      Thread.sleep(random.nextInt(1500));
      restart(fleet, children.get(random.nextInt(children.size())));
    }
    for (Child agent : List.of(fleet.steady, fleet.brittle)) {
      var _ = agent.await("Activated[");
    }
  }

  /** The node is enrolled while something dies; in the end it has its payload and is good. */
  private void duringBootstrap(Fleet fleet, AgentId id) throws Exception {
    Child agent = agent(fleet, id);
    forget(fleet, id);
    kill(fleet, agent);
    fleet.loseMemory(id);
    agent.start();
    var _ = agent.await("Activated[");

    Stage stage = STAGES.get(random.nextInt(STAGES.size()));
    CountDownLatch reached = new CountDownLatch(1);
    Thread adding =
        Thread.ofVirtual()
            .start(() -> {
              var _ =
                  tryToAdd(
                      fleet,
                      id,
                      done -> {
                        if (done == stage) {
                          reached.countDown();
                        }
                      });
              reached.countDown();
            });
    reached.await();
    Thread.sleep(random.nextInt(60));
    Child dying = random.nextBoolean() ? fleet.verifier : agent;
    System.out.println(dying.name() + " dies after " + stage + " of " + id);
    restart(fleet, dying);
    adding.join();
    await(id + " to be bootstrapped", () -> isBootstrapped(fleet, id));
    awaitGood(fleet, id);
  }

  /** Whether it is; what was cut off in the middle, the owner begins again. */
  private boolean isBootstrapped(Fleet fleet, AgentId id) throws Exception {
    boolean enrolled = fleet.status(id).isPresent();
    if (enrolled && !fleet.hasPayload(id)) {
      // Both shares may be there, and one of them be under way.
      Thread.sleep(Part.INTERVAL.multipliedBy(10));
      if (!fleet.hasPayload(id)) {
        forget(fleet, id);
      }
    } else if (!enrolled && fleet.hasPayload(id)) {
      Child agent = agent(fleet, id);
      agent.end();
      fleet.loseMemory(id);
      agent.start();
      agent.awaitStarted();
    } else if (!enrolled) {
      var _ = tryToAdd(fleet, id, _ -> {});
    }
    return enrolled && fleet.hasPayload(id);
  }

  /** The list grows, and is read on from where it was read. */
  private void duringPolling(Fleet fleet, int kills) throws Exception {
    List<Child> children = List.of(fleet.verifier, fleet.verifier, fleet.steady, fleet.brittle);
    for (int i = 0; i < kills; i++) {
      fleet.steadyList.runAgain(1 + random.nextInt(5));
      Thread.sleep(random.nextInt(700));
      restart(fleet, children.get(random.nextInt(children.size())));
      awaitGood(fleet, Fleet.STEADY);
      awaitGood(fleet, Fleet.BRITTLE);
    }
  }

  /** A node is tampered with; it is caught, the other hears of it, and no death makes it good. */
  private void duringRevocation(Fleet fleet, Onlooker onlooker, String program) throws Exception {
    long decided = Ledgers.count(ledger(fleet), EntryKind.FAILED, Fleet.BRITTLE.value());
    fleet.brittleList.run(program);
    onlooker.tampered();
    List<Child> children = List.of(fleet.verifier, fleet.steady, fleet.brittle);
    for (int i = 0; i < 2; i++) {
      Thread.sleep(random.nextInt(600));
      restart(fleet, children.get(random.nextInt(children.size())));
    }
    awaitStatus(
        fleet, Fleet.BRITTLE, status -> status.attestationStatus() == AttestationStatus.FAIL);
    List<Entry> failures =
        ledger(fleet).stream()
            .filter(entry -> entry.kind() == EntryKind.FAILED)
            .filter(entry -> entry.subject().equals(Fleet.BRITTLE.value()))
            .toList();
    assertThat(failures).hasSize(Math.toIntExact(decided + 1));
    assertThat(failures.getLast().body()).contains(program);
    long sequence = failures.getLast().seq();
    await("the notice of decision " + sequence, () -> noticed(fleet).contains(sequence));

    restart(fleet, fleet.verifier);
    fleet.verifier.awaitStarted();
    kill(fleet, fleet.brittle);
    fleet.brittleList.boot(Fleet.BRITTLE_FILES);
    fleet.brittle.start();
    fleet.brittle.awaitStarted();
    Thread.sleep(Part.INTERVAL.multipliedBy(5));
    assertThat(fleet.status(Fleet.BRITTLE).orElseThrow().attestationStatus())
        .isEqualTo(AttestationStatus.FAIL);
    onlooker.clean();
    fleet.owner.reactivate(Fleet.BRITTLE);
    awaitGood(fleet, Fleet.BRITTLE);
  }

  private static List<Long> noticed(Fleet fleet) throws IOException {
    try (Stream<Path> files = Files.list(fleet.notices)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .map(KillTest::sequence)
          .toList();
    }
  }

  private static long sequence(Path notice) {
    try {
      Matcher sequence = SEQUENCE.matcher(Files.readString(notice));
      assertThat(sequence.find()).isTrue();
      return Long.parseLong(sequence.group(1));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Child agent(Fleet fleet, AgentId id) {
    return id.equals(Fleet.STEADY) ? fleet.steady : fleet.brittle;
  }

  private static boolean tryToAdd(Fleet fleet, AgentId id, Consumer<Stage> reached) {
    try {
      return fleet.add(id, (stage, _, _) -> reached.accept(stage)).keyProven();
    } catch (TenantException e) {
      System.out.println(id + " not added: " + e.getMessage());
      return false;
    }
  }

  private void forget(Fleet fleet, AgentId id) throws Exception {
    await(
        id + " to be forgotten",
        () ->
            fleet.status(id).isEmpty()
                || fleet.owner.delete(id, false).atVerifier() == Removal.REMOVED);
  }

  private void restart(Fleet fleet, Child child) throws Exception {
    kill(fleet, child);
    child.start();
  }

  private void kill(Fleet fleet, Child child) throws Exception {
    child.kill();
    if (child == fleet.verifier) {
      var _ = ledger(fleet);
    } else if (child == fleet.registrar) {
      Ledgers.check(folder.resolve("registrar.db"), child.lines(0), child.deaths());
    }
  }

  private List<Entry> ledger(Fleet fleet) {
    return Ledgers.check(
        folder.resolve("verifier.db"), fleet.verifier.lines(0), fleet.verifier.deaths());
  }

  /** Waits until the node is good by evidence of this moment or later. */
  private static void awaitGood(Fleet fleet, AgentId id) throws Exception {
    long since = Instant.now().getEpochSecond();
    awaitStatus(
        fleet,
        id,
        status -> {
          assertThat(status.attestationStatus())
              .as("%s: %s", id, status.lastEvent())
              .isNotEqualTo(AttestationStatus.FAIL);
          return status.attestationStatus() == AttestationStatus.PASS
              && status.lastSuccessfulAttestation() > since;
        });
  }

  private static void awaitStatus(Fleet fleet, AgentId id, Predicate<VerifierAgentStatus> fits)
      throws Exception {
    await(id + " to stand so", () -> fleet.status(id).filter(fits).isPresent());
  }

  /** Waits for what may be hindered by a server that is dead just now. */
  private static void await(String what, Callable<Boolean> done) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String hindrance = "";
    while (System.nanoTime() - deadline < 0) {
      try {
        if (done.call()) {
          return;
        }
      } catch (TenantException e) {
        hindrance = String.valueOf(e.getMessage());
      }
      Thread.sleep(50);
    }
    throw new AssertionError("waited in vain for " + what + ". " + hindrance);
  }

  private static List<Integer> sentEntries(List<String> lines) {
    return lines.stream()
        .map(SENT::matcher)
        .filter(Matcher::matches)
        .map(quoted -> Integer.parseInt(quoted.group(1)))
        .toList();
  }
}
