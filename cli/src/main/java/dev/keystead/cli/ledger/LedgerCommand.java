package dev.keystead.cli.ledger;

import dev.keystead.cli.CommandException;
import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.store.Store;
import dev.keystead.control.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keystead ledger}: reads the store of a registrar or verifier. */
@Command(
    name = "ledger",
    description = "Read what a registrar or verifier has decided.",
    subcommands = {LedgerShowCommand.class, LedgerVerifyCommand.class})
public final class LedgerCommand {
  /** Where the ledger is. */
  static final class Source {
    @Option(
        names = "--store",
        required = true,
        paramLabel = "FILE",
        description = "The database of the registrar or verifier.")
    private Path file;

    <T> T read(Function<Ledger, T> work) {
      if (!Files.isRegularFile(file)) {
        throw CommandException.unreadable("the store %s does not exist".formatted(file));
      }
      try (Store store = Store.open(file)) {
        return work.apply(new Ledger(store, InstantSource.system()));
      } catch (StoreException e) {
        Throwable cause = e.getCause();
        throw CommandException.unreadable(
            "the store %s cannot be read: %s"
                .formatted(file, cause == null ? e.getMessage() : cause.getMessage()));
      }
    }
  }
}
