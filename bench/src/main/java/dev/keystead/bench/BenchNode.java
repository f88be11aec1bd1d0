package dev.keystead.bench;

import dev.keystead.http.Endpoint;
import dev.keystead.keylime.AgentId;
import dev.keystead.node.AgentListener;
import dev.keystead.node.agent.Agent;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.agent.AgentName;
import dev.keystead.tpm.transport.TpmAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A node with an embedded TPM of its own.
 *
 * @param folder of the control plane, which also holds the node's
 * @param list its measurement list
 * @param registrarPort where it registers
 */
record BenchNode(AgentId id, Path folder, Path list, int registrarPort) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Starts its agent and has it registered; what it was given before is forgotten. */
  Agent start(AgentListener listener) throws InterruptedException {
    Path work = folder.resolve(id.value());
    Path secure = Path.of("/dev/shm", folder.getFileName() + "-" + id.value());
    Agent agent =
        Agent.start(
            AgentConfig.of(
                    new AgentName.Fixed(id),
                    work,
                    "127.0.0.1",
                    Endpoint.plain("127.0.0.1", registrarPort),
                    folder.resolve("cv_ca/cacert.crt"))
                .with(
                    new AgentConfig.Tpm(
                        new TpmAddress.Embedded(work.resolve("tpm")),
                        Optional.of(folder.resolve("maker"))))
                .with(new AgentConfig.Listen(InetAddress.getLoopbackAddress(), 0))
                .with(new AgentConfig.Logs(list, folder.resolve("no_boot_log"), true))
                .with(new AgentConfig.Secure(Optional.of(secure), 8 << 20, true))
                .with(listener));
    if (!agent.awaitActivated(PATIENCE)) {
      agent.close();
      throw new IllegalStateException("agent %s was not activated".formatted(id));
    }
    return agent;
  }
}
