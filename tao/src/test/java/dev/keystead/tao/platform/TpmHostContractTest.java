package dev.keystead.tao.platform;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Machine;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoContract;
import dev.keystead.tao.platform.SealedRoot.Release;
import dev.keystead.tpm.TpmException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract for the operating systems that a TPM has measured. */
class TpmHostContractTest extends TaoContract {
  @TempDir Path directory;

  @Override
  protected TestHost host(Domain domain) throws Exception {
    Machine machine = new Machine(Files.createTempDirectory(directory, "tpm"));
    return new OnTpm(machine, settings(machine, domain));
  }

  /** Both programs are approved, so that their measurements alone keep them apart. */
  private static PlatformSettings settings(Machine machine, Domain domain) throws Exception {
    PcrApproval other = approval(machine.boot(Program.OTHER.name()), domain);
    PcrApproval one = approval(machine.boot(Program.ONE.name()), domain);
    return machine.settings(domain, one, other);
  }

  private static PcrApproval approval(Machine machine, Domain domain) throws Exception {
    return PcrApproval.parse(PcrApproval.sign(domain.signer(), machine.pcrs()).encode());
  }

  @Override
  protected int stride() {
    return 7;
  }

  private static final class OnTpm implements TestHost {
    private final Machine machine;
    private final PlatformSettings settings;
    private final TpmHost host;

    OnTpm(Machine machine, PlatformSettings settings) throws Exception {
      this.machine = machine;
      this.settings = settings;
      this.host = machine.host(settings, Release.APPROVED_PCRS);
    }

    @Override
    public Tao program(Program which) throws Exception {
      machine.boot(which.name());
      return host;
    }

    @Override
    public TaoName name() {
      return host.name();
    }

    @Override
    public TestHost restarted() throws Exception {
      machine.reset();
      return new OnTpm(machine.boot(Program.ONE.name()), settings);
    }

    @Override
    public TestHost under(Domain other) throws Exception {
      return new OnTpm(machine, settings(machine, other));
    }

    @Override
    public void close() throws TpmException {
      machine.close();
    }
  }
}
