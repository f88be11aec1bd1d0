package dev.keystead.cli.migrate;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.ExitCode;
import dev.keystead.cli.InputFile;
import dev.keystead.cli.OutputFormat;
import dev.keystead.control.migration.Installation;
import dev.keystead.control.migration.Item.Fate;
import dev.keystead.control.migration.Migration;
import dev.keystead.control.migration.Report;
import dev.keystead.control.migration.WayBack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code keystead migrate keylime}: takes over a Keylime 7 installation. */
@Command(
    name = "keylime",
    description = {
      "Take over a Keylime 7 installation: registrations, nodes with their shares, policies and the"
          + " authority. Agents go on as they are. Without --switch nothing is written: what would"
          + " be taken, changed, refused or left is shown, and why. Nothing of Keylime's is ever"
          + " changed."
    })
final class MigrateKeylimeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "DIR",
      defaultValue = "/etc/keylime",
      description = "registrar.conf, verifier.conf and ca.conf (default: ${DEFAULT-VALUE}).")
  private Path config;

  @Option(
      names = "--keylime-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/keylime",
      description = "Keylime's working folder (default: ${DEFAULT-VALUE}).")
  private Path work;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      defaultValue = "/var/lib/keystead",
      description =
          "Where cv_ca, registrar.db and verifier.db are made (default: ${DEFAULT-VALUE}).")
  private Path to;

  @Option(
      names = "--ca-password-file",
      paramLabel = "FILE",
      description = "The password of Keylime's authority, when it is not the one in ca.conf.")
  private @Nullable Path password;

  @ArgGroup private @Nullable Order order;

  @Option(
      names = "--leave-refused",
      description = "With --switch: go on without what cannot be taken.")
  private boolean leaveRefused;

  @Mixin private OutputFormat output;

  /** What is done instead of the dry run. */
  static final class Order {
    @Option(
        names = "--switch",
        description = "Take over. Keylime's servers must be stopped; ours are started afterwards.")
    private boolean take;

    @Option(
        names = "--back",
        description =
            "Show what Keylime does not know, before it is started again. Our servers must be"
                + " stopped. Nothing is changed.")
    private boolean back;

    @Option(
        names = "--close",
        description = "Close the way back: Keylime's files are not needed any more.")
    private boolean close;
  }

  @Override
  public Integer call() throws IOException {
    if (order != null && order.close) {
      return close();
    }
    Migration migration =
        new Migration(
            Installation.read(config, work, Optional.ofNullable(password).map(this::password)),
            to,
            InstantSource.system());
    if (order != null && order.back) {
      return back(migration);
    }
    boolean take = order != null && order.take;
    Report report = take ? migration.apply(leaveRefused) : migration.survey();
    output.print(MigrationView.json(report, take), MigrationView.lines(report, take, to));
    return take || report.count(Fate.REFUSED) == 0 ? ExitCode.TRUSTED : ExitCode.NOT_TRUSTED;
  }

  private String password(Path file) {
    byte[] text = InputFile.read(file, InputFile.SMALL, "the password file");
    String word = new String(text, StandardCharsets.UTF_8).stripTrailing();
    if (word.isEmpty()) {
      throw CommandException.unreadable("the password file " + file + " is empty");
    }
    return word;
  }

  private Integer back(Migration migration) throws IOException {
    WayBack.Differences differences = WayBack.read(to).differences(migration);
    output.print(MigrationView.json(differences), MigrationView.lines(differences));
    return differences.untouched() ? ExitCode.TRUSTED : ExitCode.NOT_TRUSTED;
  }

  private Integer close() throws IOException {
    WayBack shut = WayBack.read(to).close(to, InstantSource.system());
    output.print(MigrationView.json(shut), MigrationView.lines(shut, work));
    return ExitCode.TRUSTED;
  }
}
