package dev.keystead.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The agent as it is shipped, started by {@code ./keystead agent}, with a TPM in a process of its
 * own, as a chip is.
 */
final class AgentProcess implements AutoCloseable {
  /** Ticks of the clock in which Linux counts a process's CPU time (USER_HZ, proc(5)). */
  private static final long TICKS_PER_SECOND = 100;

  private static final Pattern ACTIVATED = Pattern.compile("(?i)activated");

  private final Process tpm;
  private final Process agent;
  private final Path work;
  private final int port;
  private Duration untilActivated = Duration.ZERO;

  private AgentProcess(Process tpm, Process agent, Path work, int port) {
    this.tpm = tpm;
    this.agent = agent;
    this.work = work;
    this.port = port;
  }

  /** Starts both; when this returns the registrar has activated the agent. */
  static AgentProcess start(Path folder, Path list, String keys, int registrarPort)
      throws IOException {
    Path work = Files.createDirectories(folder.resolve("agent-" + keys));
    Process tpm = swtpm(work);
    int port = freePort();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program(), "agent", "--id", "node-" + keys, "--keys", keys));
    command.addAll(List.of("--work", work.toString(), "--tpm", "unix:" + work.resolve("tpm.sock")));
    command.addAll(List.of("--listen", "127.0.0.1:" + port, "--contact", "127.0.0.1"));
    command.addAll(List.of("--registrar", "127.0.0.1:" + registrarPort));
    command.addAll(List.of("--clients", folder.resolve("cv_ca/cacert.crt").toString()));
    command.addAll(List.of("--ima-list", list.toString(), "--emulate-ima"));
    command.addAll(List.of("--boot-log", folder.resolve("no_boot_log").toString()));
    command.addAll(List.of("--output", "json"));
    Path said = work.resolve("agent.log");
    long started = System.nanoTime();
    Process agent =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(said.toFile())
            .start();
    AgentProcess both = new AgentProcess(tpm, agent, work, port);
    try {
      while (!ACTIVATED.matcher(Files.readString(said)).find()) {
        if (!agent.isAlive()) {
          throw new IOException("the agent ended before it was activated");
        }
        pause(2);
      }
    } catch (IOException e) {
      both.close();
      throw e;
    }
    both.untilActivated = Duration.ofNanos(System.nanoTime() - started);
    return both;
  }

  private static Process swtpm(Path work) throws IOException {
    Path state = Files.createDirectories(work.resolve("swtpm"));
    Process process =
        new ProcessBuilder(
                "swtpm",
                "socket",
                "--tpm2",
                "--tpmstate",
                "dir=" + state,
                "--server",
                "type=unixio,path=" + work.resolve("tpm.sock"),
                "--flags",
                "not-need-init,startup-clear")
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("swtpm.log").toFile())
            .start();
    for (int i = 0; i < 1000 && !Files.exists(work.resolve("tpm.sock")); i++) {
      pause(10);
    }
    return process;
  }

  private static void pause(int millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String program() {
    return Path.of(System.getProperty("keystead.root", "."), "keystead").toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** From the start of the process to the registrar's word, wall-clock time. */
  Duration untilActivated() {
    return untilActivated;
  }

  int port() {
    return port;
  }

  /** PEM of the certificate that it shows. */
  String certificate() throws IOException {
    return Files.readString(work.resolve("server-cert.crt"));
  }

  /** CPU time of the agent's process so far, in user and kernel, to 10 ms. */
  Duration cpu() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + agent.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    return Duration.ofSeconds(1).dividedBy(TICKS_PER_SECOND).multipliedBy(ticks);
  }

  /** Its resident memory in MB (10^6 bytes). */
  double resident() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + agent.pid() + "/status"))) {
      String line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
    }
  }

  /** Ends both; the secure directory is a mount of the agent's that outlives it. */
  @Override
  public void close() throws IOException {
    agent.destroy();
    agent.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    tpm.destroy();
    tpm.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    Path secure = work.resolve("secure");
    if (Files.exists(secure)) {
      new ProcessBuilder("umount", secure.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    }
  }
}
