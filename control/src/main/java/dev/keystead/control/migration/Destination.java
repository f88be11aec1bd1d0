package dev.keystead.control.migration;

import dev.keystead.control.registrar.RegistrationImport;
import dev.keystead.control.store.Store;
import dev.keystead.control.verifier.NodeImport;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.registration.Registration;
import dev.keystead.keylime.verifier.VerifierAgentAdd;
import java.nio.file.Path;
import java.time.InstantSource;

/** Where what is taken goes. */
interface Destination {
  /** Nowhere: the dry run. */
  Destination NONE =
      new Destination() {
        @Override
        public void registration(AgentId id, Registration registration, int count) {}

        @Override
        public void runtimePolicy(String name, byte[] json) {}

        @Override
        public void bootPolicy(String name, String json) {}

        @Override
        public void node(AgentId id, VerifierAgentAdd add, NodeImport.Standing standing) {}
      };

  void registration(AgentId id, Registration registration, int count);

  void runtimePolicy(String name, byte[] json);

  void bootPolicy(String name, String json);

  void node(AgentId id, VerifierAgentAdd add, NodeImport.Standing standing);

  /** New stores of ours in a folder. */
  final class Stores implements Destination, AutoCloseable {
    static final String REGISTRAR = "registrar.db";
    static final String VERIFIER = "verifier.db";

    private final Store registrar;
    private final Store verifier;
    private final RegistrationImport registrations;
    private final NodeImport nodes;

    Stores(Path folder, InstantSource clock) {
      registrar = Store.open(folder.resolve(REGISTRAR));
      verifier = Store.open(folder.resolve(VERIFIER));
      registrations = new RegistrationImport(registrar, clock);
      nodes = new NodeImport(verifier, clock);
    }

    @Override
    public void registration(AgentId id, Registration registration, int count) {
      registrations.take(id, registration, count);
    }

    @Override
    public void runtimePolicy(String name, byte[] json) {
      nodes.runtimePolicy(name, json);
    }

    @Override
    public void bootPolicy(String name, String json) {
      nodes.bootPolicy(name, json);
    }

    @Override
    public void node(AgentId id, VerifierAgentAdd add, NodeImport.Standing standing) {
      nodes.take(id, add, standing);
    }

    RegistrationImport registrations() {
      return registrations;
    }

    NodeImport nodes() {
      return nodes;
    }

    @Override
    public void close() {
      registrar.close();
      verifier.close();
    }
  }
}
