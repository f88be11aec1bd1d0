package dev.keystead.bench;

import dev.keystead.keylime.AgentId;
import dev.keystead.node.AgentListener;
import dev.keystead.node.agent.Agent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Nodes in a process of their own, which ends when its input does. */
final class NodeProcess implements AutoCloseable {
  private static final String READY = "ready";
  private final Process process;
  private final int nodes;

  private NodeProcess(Process process, int nodes) {
    this.process = process;
    this.nodes = nodes;
  }

  /** Starts it; when this returns all its nodes are registered. */
  static NodeProcess start(Path folder, Path list, int registrarPort, int nodes)
      throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                folder.toString(),
                list.toString(),
                Integer.toString(registrarPort),
                Integer.toString(nodes))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(READY)) {
        return new NodeProcess(process, nodes);
      }
    }
    throw new IOException("the nodes did not start");
  }

  List<AgentId> ids() {
    return ids(nodes);
  }

  private static List<AgentId> ids(int nodes) {
    List<AgentId> ids = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      ids.add(AgentId.of("node-" + i));
    }
    return ids;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }

  /** The other process. */
  public static void main(String[] arguments) throws Exception {
    Main.quiet();
    Path folder = Path.of(arguments[0]);
    Path list = Path.of(arguments[1]);
    int port = Integer.parseInt(arguments[2]);
    List<Agent> agents = new ArrayList<>();
    for (AgentId id : ids(Integer.parseInt(arguments[3]))) {
      agents.add(new BenchNode(id, folder, list, port).start(AgentListener.none()));
    }
    System.out.println(READY);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (in.readLine() != null) {
        // Only the end of the input says something.
      }
    }
    agents.forEach(Agent::close);
  }
}
