package dev.keystead.tao.linux;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.Domain;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoContract;
import dev.keystead.tpm.TpmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The contract for real processes on Linux: who asks is who runs. */
class LinuxHostContractTest extends TaoContract {
  @TempDir Path directory;

  @Override
  protected int attestationStride() {
    return 29;
  }

  @Override
  protected int stride() {
    return 7;
  }

  @Override
  protected TestHost host(Domain domain) throws Exception {
    return new OnLinux(RealHost.in(Files.createTempDirectory(directory, "host"), domain));
  }

  private static final class OnLinux implements TestHost {
    private final RealHost host;
    private final Map<Program, HostedProgram> running = new EnumMap<>(Program.class);

    OnLinux(RealHost host) {
      this.host = host;
    }

    @Override
    public Tao program(Program which) throws Exception {
      if (!running.containsKey(which)) {
        Path script = host.folder().resolve("sleeping.pl");
        Files.writeString(script, "sleep 600;");
        ProgramSpec spec = host.perl("");
        running.put(
            which,
            host.start(
                new ProgramSpec(
                    new ProgramSpec.Script(Path.of("/usr/bin/perl"), script),
                    List.of(which.name()),
                    spec.environment(),
                    spec.identity(),
                    spec.confinement())));
      }
      return running.get(which).tao();
    }

    @Override
    public TaoName name() {
      return host.core().name();
    }

    @Override
    public TestHost restarted() throws Exception {
      return new OnLinux(host.restarted());
    }

    @Override
    public TestHost under(Domain other) throws Exception {
      return new OnLinux(host.under(other));
    }

    @Override
    public void close() throws IOException, TpmException {
      host.close();
    }
  }
}
