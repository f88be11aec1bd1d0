package dev.keystead.cli.tao;

import dev.keystead.cli.CommandException;
import dev.keystead.program.HostClient;
import dev.keystead.program.HostInfo;
import dev.keystead.program.HostedTao;
import dev.keystead.program.TaoAddress;
import dev.keystead.tao.TaoException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code keystead tao}: what a hosted program, such as a shell script, asks its host. */
@Command(
    name = "tao",
    description = {
      "Ask the host as the hosted program that runs this command: seal, unseal, attest.",
      "The program is known by the socket that it inherited and that this command inherits from"
          + " it (the environment variable KEYSTEAD_TAO); nobody else can speak as it."
    },
    subcommands = {
      TaoNameCommand.class,
      TaoMeasurementCommand.class,
      TaoSealCommand.class,
      TaoUnsealCommand.class,
      TaoAttestCommand.class,
      TaoCertificateCommand.class,
      TaoEntropyCommand.class
    })
public final class TaoCommand {
  /** Which host. */
  static final class HostOption {
    @Option(
        names = "--host",
        paramLabel = "unix:PATH",
        converter = Address.class,
        description = "The host's socket (default: that of KEYSTEAD_TAO).")
    private @Nullable TaoAddress address;

    /** Asks the host one thing. */
    <T> T ask(Question<T> question) {
      try (HostedTao tao = HostedTao.at(address())) {
        return question.ask(tao);
      } catch (TaoException e) {
        throw refused(e);
      }
    }

    /** Who the host is, and who this program. */
    HostInfo info() {
      try (HostClient client = HostClient.at(address())) {
        return client.info();
      } catch (TaoException e) {
        throw refused(e);
      }
    }

    private TaoAddress address() throws TaoException {
      return address == null ? TaoAddress.ofEnvironment() : address;
    }
  }

  private static CommandException refused(TaoException e) {
    return CommandException.failed("the host does not do that: " + e.getMessage());
  }

  /** Something to ask. */
  @FunctionalInterface
  interface Question<T> {
    T ask(HostedTao tao) throws TaoException;
  }

  /** Parses addresses on the command line. */
  public static final class Address implements ITypeConverter<TaoAddress> {
    @Override
    public TaoAddress convert(String text) {
      try {
        return TaoAddress.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
