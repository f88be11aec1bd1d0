package dev.keystead.cli.node;

import dev.keystead.cli.CommandException;
import dev.keystead.cli.config.ConfigFiles;
import dev.keystead.cli.server.HostPort;
import dev.keystead.control.ControlIdentity;
import dev.keystead.http.ClientLimits;
import dev.keystead.http.Endpoint;
import dev.keystead.http.EventLoops;
import dev.keystead.http.HttpClient;
import dev.keystead.http.tls.ClientTls;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.WireException;
import dev.keystead.tenant.Tenant;
import dev.keystead.tenant.TenantConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Who the owner is, and whom the owner speaks to. */
public final class Owner {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--registrar",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8891",
      converter = HostPort.Converter.class,
      description = "The registrar's port for TLS (default: ${DEFAULT-VALUE}).")
  private HostPort registrar;

  @Option(
      names = "--verifier",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8881",
      converter = HostPort.Converter.class,
      description = "The verifier (default: ${DEFAULT-VALUE}).")
  private HostPort verifier;

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/keystead/cv_ca",
      description = "The owner's certificate and the authority's (default: ${DEFAULT-VALUE}).")
  private Path identity;

  @SuppressWarnings("UnusedVariable") // It adds its options.
  @Mixin
  private ConfigFiles files;

  /** Does one thing as the owner. */
  public <T> T as(Function<Tenant, T> order) throws IOException {
    if (!Files.isDirectory(identity)) {
      throw CommandException.unreadable(
          "the folder %s with the owner's certificate does not exist: give --tls-dir"
              .formatted(identity));
    }
    InstantSource clock = InstantSource.system();
    ControlIdentity control = ControlIdentity.open(identity, clock);
    ClientTls tls = ClientTls.mutual(control.client(), control.trust());
    TenantConfig config =
        new TenantConfig(
            Endpoint.tls(registrar.host(), registrar.port(), tls),
            Endpoint.tls(verifier.host(), verifier.port(), tls),
            control.client(),
            PATIENCE);
    try (EventLoops loops = EventLoops.start(1);
        HttpClient client = HttpClient.open(loops, ClientLimits.defaults())) {
      return order.apply(new Tenant(config, client, new SecureRandom(), clock));
    }
  }

  /** Parses ids on the command line. */
  public static final class Id implements ITypeConverter<AgentId> {
    @Override
    public AgentId convert(String text) {
      try {
        return AgentId.of(text);
      } catch (WireException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
