package dev.keystead.tpm.command;

import dev.keystead.tpm.Authorized;
import dev.keystead.tpm.Command;
import dev.keystead.tpm.CommandCode;
import dev.keystead.tpm.CommandHandle;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Response;
import dev.keystead.tpm.Session;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.Ticket;
import dev.keystead.tpm.structure.TpmName;
import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.util.List;

/**
 * Assertions of enhanced authorization (Part 3, 23): each extends the policy digest of a policy or
 * trial session.
 */
public final class Policy {
  private Policy() {}

  /** TPM2_PolicyPCR: the selected PCRs hash to {@code pcrDigest}; empty means their values now. */
  public record Pcr(Session session, byte[] pcrDigest, PcrSelection selection)
      implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.POLICY_PCR;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(session.handle());
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(pcrDigest);
      selection.write(out);
    }
  }

  /** TPM2_PolicySecret: the authorization of another entity, for this session only. */
  public record BySecret(Authorized entity, Session session, byte[] policyRef)
      implements Command<Command.Done> {
    /** Without a policyRef. */
    public BySecret(Authorized entity, Session session) {
      this(entity, session, new byte[0]);
    }

    @Override
    public CommandCode code() {
      return CommandCode.POLICY_SECRET;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(entity, session.handle());
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(session.nonceTpm()).sized(new byte[0]).sized(policyRef).u32(0);
    }

    @Override
    public Command.Done result(Response response) {
      TpmReader in = response.parameters();
      in.sized();
      Ticket.read(in);
      return Done.DONE;
    }
  }

  /**
   * TPM2_PolicyAuthorize: a policy that the key's owner has signed, which replaces the digest so
   * far.
   *
   * @param approved the policy digest that was signed
   * @param ticket what VerifySignature said about H(approved || policyRef)
   */
  public record Authorize(
      Session session, byte[] approved, byte[] policyRef, TpmName key, Ticket ticket)
      implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.POLICY_AUTHORIZE;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(session.handle());
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(approved).sized(policyRef).sized(key.bytes());
      ticket.write(out);
    }
  }

  /** TPM_EO (Part 2, 6.8) of unsigned big-endian numbers: the index's contents and the operand. */
  public enum Comparison {
    /** The contents equal the operand. */
    EQUAL(0),
    /** They differ. */
    NOT_EQUAL(1),
    /** The contents are greater. */
    GREATER(3),
    /** The contents are less. */
    LESS(5),
    /** The contents are greater or equal. */
    AT_LEAST(7),
    /** The contents are less or equal. */
    AT_MOST(9);

    private final int operation;

    Comparison(int operation) {
      this.operation = operation;
    }
  }

  /** TPM2_PolicyNV: how contents of an NV index compare with {@code operand}. */
  public record Nv(
      Authorized authorization,
      Handle index,
      Session session,
      byte[] operand,
      int offset,
      Comparison comparison)
      implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.POLICY_NV;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(authorization, index, session.handle());
    }

    @Override
    public void parameters(TpmWriter out) {
      out.sized(operand).u16(offset).u16(comparison.operation);
    }
  }

  /** TPM2_PolicyCommandCode: only for this command. */
  public record ForCommand(Session session, CommandCode command) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.POLICY_COMMAND_CODE;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(session.handle());
    }

    @Override
    public void parameters(TpmWriter out) {
      out.u32(command.value());
    }
  }

  /** TPM2_PolicyOR: one of two to eight digests is the session's so far. */
  public record Or(Session session, List<byte[]> digests) implements Command.Action {
    @Override
    public CommandCode code() {
      return CommandCode.POLICY_OR;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(session.handle());
    }

    @Override
    public void parameters(TpmWriter out) {
      out.u32(digests.size());
      digests.forEach(out::sized);
    }
  }

  /** TPM2_PolicyGetDigest. */
  public record GetDigest(Session session) implements Command<byte[]> {
    @Override
    public CommandCode code() {
      return CommandCode.POLICY_GET_DIGEST;
    }

    @Override
    public List<CommandHandle> handles() {
      return List.of(session.handle());
    }

    @Override
    public byte[] result(Response response) {
      return response.parameters().sized(64, "the policy digest");
    }
  }
}
