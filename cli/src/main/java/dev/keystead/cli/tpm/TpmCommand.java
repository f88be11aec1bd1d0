package dev.keystead.cli.tpm;

import dev.keystead.cli.CommandException;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmException;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code keystead tpm}: looks at a TPM. Nothing in it is changed. */
@Command(
    name = "tpm",
    description = "Look at a TPM: what it is, its PCRs, endorsement keys and loaded keys.",
    subcommands = {
      TpmPropertiesCommand.class,
      TpmPcrsCommand.class,
      TpmEkCommand.class,
      TpmKeysCommand.class
    })
public final class TpmCommand {
  /** Which TPM. */
  static final class Device {
    @Option(
        names = "--tpm",
        paramLabel = "ADDRESS",
        defaultValue = "device:/dev/tpmrm0",
        converter = Address.class,
        description = {
          "device:PATH, swtpm:HOST:PORT, unix:PATH (a socket of swtpm) or embedded:DIRECTORY",
          "(default: ${DEFAULT-VALUE})."
        })
    private TpmAddress address;

    <T> T read(Reading<T> reading) {
      try (Tpm tpm = address.open()) {
        return reading.of(tpm);
      } catch (TpmException e) {
        String hint =
            e.getCause() instanceof NoSuchFileException
                ? ", which does not exist; name another with --tpm"
                : "";
        throw CommandException.failed(e.getMessage() + hint);
      }
    }
  }

  /** Reads something from a TPM. */
  @FunctionalInterface
  interface Reading<T> {
    T of(Tpm tpm) throws TpmException;
  }

  /** Parses addresses on the command line. */
  public static final class Address implements ITypeConverter<TpmAddress> {
    @Override
    public TpmAddress convert(String text) {
      try {
        return TpmAddress.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
