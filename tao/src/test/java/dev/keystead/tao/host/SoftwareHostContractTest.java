package dev.keystead.tao.host;

import dev.keystead.claims.TaoName;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoContract;
import dev.keystead.tpm.TpmException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract for programs on an operating system on a TPM: names of three segments. */
class SoftwareHostContractTest extends TaoContract {
  @TempDir Path directory;

  /** How many hosts stand on the TPM's. */
  int layers() {
    return 1;
  }

  @Override
  protected int attestationStride() {
    return 5;
  }

  @Override
  protected TestHost host(Domain domain) throws Exception {
    return new OnStack(Stack.on(Files.createTempDirectory(directory, "tpm"), domain, layers()));
  }

  private record OnStack(Stack stack) implements TestHost {
    @Override
    public Tao program(Program which) {
      return stack.top().hosted(Stack.program(which.name()), ProgramStarter.refusing());
    }

    @Override
    public TaoName name() {
      return stack.top().name();
    }

    @Override
    public TestHost restarted() throws Exception {
      return new OnStack(stack.restarted());
    }

    @Override
    public TestHost under(Domain other) throws Exception {
      return new OnStack(stack.under(other));
    }

    @Override
    public void close() throws TpmException {
      stack.close();
    }
  }
}
