package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.ResponseCode;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/** Starting, testing, stopping and clearing a TPM. */
public final class Lifecycle {
  private Lifecycle() {}

  /** TPM2_Startup(CLEAR) (Part 3, 9.3). */
  public record Startup() implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.STARTUP;
    }

    @Override
    public void parameters(TpmWriter out) {
      out.u16(0);
    }
  }

  /** TPM2_Shutdown(CLEAR) (Part 3, 9.4): before the power goes. */
  public record Shutdown() implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.SHUTDOWN;
    }

    @Override
    public void parameters(TpmWriter out) {
      out.u16(0);
    }
  }

  /** TPM2_SelfTest (Part 3, 10.2). */
  public record SelfTest(boolean full) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.SELF_TEST;
    }

    @Override
    public void parameters(TpmWriter out) {
      out.u8(full ? 1 : 0);
    }
  }

  /** TPM2_GetTestResult (Part 3, 10.4): the code of the tests; the maker's data is left out. */
  public record GetTestResult() implements Command<ResponseCode> {
    @Override
    public CommandCode code() {
      return CommandCode.GET_TEST_RESULT;
    }

    @Override
    public ResponseCode result(Response response) {
      TpmReader in = response.parameters();
      in.sized();
      return new ResponseCode(in.i32());
    }
  }

  /** TPM2_Clear (Part 3, 24.6) by lockout or platform: a new owner, with new storage keys. */
  public record Clear(Authorized hierarchy) implements Command.Action {
    @Override
    public boolean clearsAuth() {
      return hierarchy.handle().equals(Handle.LOCKOUT);
    }

    @Override
    public CommandCode code() {
      return CommandCode.CLEAR;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(hierarchy);
    }
  }
}
