package dev.keystead.lab.peers;

import dev.keystead.keylime.AgentId;
import dev.keystead.lab.enrolment.MeasuredFiles;
import dev.keystead.node.ima.ImaEmulator;
import dev.keystead.node.ima.MeasurementFile;
import dev.keystead.tpm.Tpm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A machine with Keylime's last agent in Python. Its programs start tpm2-tools for each operation,
 * so that its measurements can go into the TPM in between.
 */
final class PythonMachine implements Machine {
  /**
   * Where the kernel's lists are is a constant there: a launcher sets these two, and nothing else.
   */
  private static final String LAUNCHER =
      """
      import os
      from keylime import config
      config.IMA_ML = os.environ['KEYSTEAD_IMA_LIST']
      config.MEASUREDBOOT_ML = os.environ['KEYSTEAD_BOOT_LOG']
      from keylime.cmd.agent import main
      main()
      """;

  private final AgentId id;
  private final MeasuredFiles files;
  private final Path work;
  private final Chip chip;
  private final Background agent;

  /** Starts it; it registers, activates and listens. */
  PythonMachine(String name, Path home, Path maker, Places places)
      throws IOException, InterruptedException {
    // It takes no id but a UUID.
    id = AgentId.of(UUID.randomUUID().toString());
    Path folder = Files.createDirectories(home.resolve(name));
    files = MeasuredFiles.in(folder);
    chip = Chip.make(folder, maker);
    measure();
    work = Files.createDirectories(folder.resolve("work"));
    Files.createDirectories(work.resolve("cv_ca"));
    Files.copy(
        places.identity().resolve("cacert.crt"),
        work.resolve("cv_ca/cacert.crt"),
        StandardCopyOption.REPLACE_EXISTING);
    Path launcher = Files.writeString(folder.resolve("launch.py"), LAUNCHER);
    Installed keylime = Installed.agent();
    int port = Background.freePorts(1).getFirst();
    Settings settings =
        Settings.of(keylime, folder)
            .set("agent", "uuid", quoted(id.value()))
            .set("agent", "port", Integer.toString(port))
            .set("agent", "contact_port", Integer.toString(port))
            .set("agent", "registrar_port", Integer.toString(places.registration()))
            .set("agent", "run_as", quoted(""))
            .set("agent", "tpm_ownerpassword", quoted("keylime"));
    Map<String, String> variables = new LinkedHashMap<>(settings.environment(work));
    variables.put("KEYSTEAD_IMA_LIST", files.list().toString());
    variables.put("KEYSTEAD_BOOT_LOG", folder.resolve("no-boot-log").toString());
    variables.put("TPM2TOOLS_TCTI", chip.tools());
    agent =
        new Background(
            Command.environment(variables).in(work),
            List.of(keylime.program("python"), launcher.toString()),
            folder.resolve("agent.log"));
    try {
      agent.awaitWords("Starting Cloud Agent");
      agent.awaitListening(port);
    } catch (AssertionError e) {
      close();
      throw e;
    }
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  @Override
  public AgentId id() {
    return id;
  }

  @Override
  public MeasuredFiles files() {
    return files;
  }

  @Override
  public Path payload() {
    return work.resolve("secure/unzipped");
  }

  @Override
  public void run(String path) throws IOException, InterruptedException {
    files.run(path);
    measure();
  }

  private void measure() throws IOException, InterruptedException {
    try (Tpm tpm = chip.connect()) {
      var _ = ImaEmulator.attach(tpm, new MeasurementFile(files.list())).follow();
    }
  }

  /** What it has written to its log. */
  String log() throws IOException {
    return agent.log();
  }

  @Override
  public void close() throws IOException {
    agent.close();
    chip.close();
    try {
      var _ =
          Command.environment(Map.of()).run(List.of("umount", work.resolve("secure").toString()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
