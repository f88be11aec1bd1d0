package dev.keystead.lab.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.keylime.verifier.AttestationStatus;
import dev.keystead.keylime.verifier.OperationalState;
import dev.keystead.keylime.verifier.VerifierAgentStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What every installation goes through, whoever's parts it is made of: two nodes are registered,
 * enrolled and given their payload, run what they may, and one runs what it may not.
 */
final class Journey {
  private static final String LATER = "/usr/bin/later";
  private static final String EVIL = "/tmp/evil";

  private final Path folder;
  private final Owner owner;
  private final OurTenant watcher;
  private final Machine victim;
  private final Machine witness;
  private final Path told;

  /** An owner's orders, given by our tenant or by Keylime's. */
  interface Owner {
    /** Gives a policy the name by which nodes are enrolled. */
    void name(Path policy) throws IOException, InterruptedException;

    /** Replaces it. */
    void rename(Path policy) throws IOException, InterruptedException;

    /** Enrols a node, with its package and these files. */
    void add(Machine machine, Path include) throws IOException, InterruptedException;

    /** Has a node watched again. */
    void reactivate(Machine machine) throws IOException, InterruptedException;

    /** Takes a node from verifier and registrar. */
    void delete(Machine machine) throws IOException, InterruptedException;
  }

  Journey(Path folder, Owner owner, OurTenant watcher, Machine victim, Machine witness) {
    this.folder = folder;
    this.owner = owner;
    this.watcher = watcher;
    this.victim = victim;
    this.witness = witness;
    this.told = folder.resolve("told");
  }

  /** All of it, from registered to forgotten. */
  void go() throws IOException, InterruptedException {
    victim.run(LATER);
    Path wide = victim.files().policy(folder.resolve("policy.json"));
    owner.name(wide);
    Path include = actions();
    for (Machine machine : new Machine[] {victim, witness}) {
      assertThat(watcher.orders().status(machine.id()).registered()).isPresent();
      owner.add(machine, include);
      assertThat(machine.payload().resolve(machine.id() + "-private.pem")).isNotEmptyFile();
      assertThat(machine.payload().resolve("action_list")).isNotEmptyFile();
    }
    VerifierAgentStatus good = trusted(victim, 2);
    assertThat(good.lastEvent()).isEmpty();
    witness.run(LATER);
    var _ = trusted(witness, trusted(witness, 1).attestations() + 2);

    victim.run(EVIL);
    VerifierAgentStatus bad =
        watcher.await(victim.id(), "found out", s -> s.state() == OperationalState.INVALID_QUOTE);
    assertThat(bad.attestationStatus()).isEqualTo(AttestationStatus.FAIL);
    assertThat(bad.lastEvent().orElseThrow().id())
        .isEqualTo("ima.validation.ima-ng.not_in_allowlist");
    awaitTold();
    var _ = trusted(witness, watcher.status(witness.id()).orElseThrow().attestations() + 1);

    owner.rename(victim.files().policy(folder.resolve("wider.json")));
    owner.reactivate(victim);
    var _ =
        watcher.await(
            victim.id(),
            "trusted again",
            s ->
                s.state() == OperationalState.GET_QUOTE
                    && s.attestationStatus() == AttestationStatus.PASS);

    for (Machine machine : new Machine[] {victim, witness}) {
      owner.delete(machine);
    }
    assertThat(watcher.orders().list()).isEmpty();
  }

  private VerifierAgentStatus trusted(Machine machine, long attestations)
      throws InterruptedException {
    return watcher.await(
        machine.id(),
        "trusted after " + attestations + " attestations",
        s ->
            s.attestationStatus() == AttestationStatus.PASS
                && s.state() == OperationalState.GET_QUOTE
                && s.attestations() >= attestations);
  }

  /** One action in both forms: a program for our agent, a module for the agent in Python. */
  private Path actions() throws IOException {
    Path include = Files.createDirectories(folder.resolve("include"));
    Files.writeString(include.resolve("action_list"), "local_action_note\n");
    Files.writeString(
        include.resolve("local_action_note"),
        "#!/bin/sh\ngrep -q '%s' \"$1\" && touch %s\n".formatted(victim.id(), told));
    Files.writeString(
        include.resolve("local_action_note.py"),
        """
        async def execute(revocation):
            if revocation['agent_id'] == '%s':
                open('%s', 'w').close()
        """
            .formatted(victim.id(), told));
    return include;
  }

  private void awaitTold() throws InterruptedException {
    for (int i = 0; i < 300 && !Files.exists(told); i++) {
      Thread.sleep(100);
    }
    assertThat(told).as("what the other node does when it is told").exists();
  }
}
