package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmReader;
import dev.keystead.tpm.structure.TpmWriter;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One command with its sessions on the way to the TPM, and its response on the way back. */
final class Exchange {
  private static final int TAG_NO_SESSIONS = 0x8001;
  private static final int TAG_SESSIONS = 0x8002;
  private static final int MAX_SESSIONS = 3;

  private static final int CONTINUE_SESSION = 1;
  private static final int DECRYPT = 1 << 5;
  private static final int ENCRYPT = 1 << 6;

  /** A session in this command; {@code entity} is what it authorizes, if anything. */
  private record Use(Session session, @Nullable Handle entity, byte[] auth) {
    /** The authorization value's part in the HMAC key (Part 1, 19.6.5). */
    byte[] hmacAuth() {
      boolean included =
          session.kind() == Session.Kind.HMAC && entity != null && !session.isBoundTo(entity);
      return included ? auth : new byte[0];
    }
  }

  private final Command<?> command;
  private final List<Use> uses = new ArrayList<>();
  private final @Nullable Use decrypting;
  private final @Nullable Use encrypting;
  private byte[] plainResponse = new byte[0];

  Exchange(Command<?> command, List<Session> extra) {
    this.command = command;
    for (CommandHandle handle : command.handles()) {
      if (handle instanceof Authorized(Handle entity, Session session, Secret auth)) {
        uses.add(new Use(session, entity, auth.authValue()));
      }
    }
    for (Session session : extra) {
      uses.add(new Use(session, null, new byte[0]));
    }
    if (uses.size() > MAX_SESSIONS) {
      throw new IllegalArgumentException("a command has at most " + MAX_SESSIONS + " sessions");
    }
    Use cipher =
        uses.reversed().stream().filter(u -> u.session.encrypts()).findFirst().orElse(null);
    decrypting = command.code().encryptsCommand() ? cipher : null;
    encrypting = command.code().encryptsResponse() ? cipher : null;
  }

  private int attributes(Use use) {
    return CONTINUE_SESSION
        | (use.equals(decrypting) ? DECRYPT : 0)
        | (use.equals(encrypting) ? ENCRYPT : 0);
  }

  /** The whole command. */
  byte[] request() {
    uses.forEach(use -> use.session.rollNonceCaller());
    byte[] parameters = parameters();
    TpmWriter body = new TpmWriter().u32(command.code().value());
    command.handles().forEach(h -> body.u32(h.handle().value()));
    if (!uses.isEmpty()) {
      byte[] area = authorizations(parameters);
      body.u32(area.length).bytes(area);
    }
    body.bytes(parameters);
    byte[] bytes = body.toBytes();
    return new TpmWriter()
        .u16(uses.isEmpty() ? TAG_NO_SESSIONS : TAG_SESSIONS)
        .u32(bytes.length + 6)
        .bytes(bytes)
        .toBytes();
  }

  private byte[] parameters() {
    TpmWriter out = new TpmWriter();
    command.parameters(out);
    byte[] plain = out.toBytes();
    if (decrypting == null) {
      return plain;
    }
    TpmReader in = new TpmReader(plain);
    byte[] first = in.sized();
    byte[] encrypted = decrypting.session.encrypt(decrypting.auth, first);
    Arrays.fill(first, (byte) 0);
    byte[] whole = new TpmWriter().sized(encrypted).bytes(in.bytes(in.remaining())).toBytes();
    Arrays.fill(plain, (byte) 0);
    return whole;
  }

  private byte[] authorizations(byte[] parameters) {
    TpmWriter area = new TpmWriter();
    for (Use use : uses) {
      area.u32(use.session.handle().value()).sized(use.session.nonceCaller());
      area.u8(attributes(use)).sized(proof(use, parameters));
    }
    return area.toBytes();
  }

  private byte[] proof(Use use, byte[] parameters) {
    if (use.session.kind() == Session.Kind.PASSWORD) {
      return use.auth;
    }
    MessageDigest cpHash = use.session.hash().digest();
    cpHash.update(new TpmWriter().u32(command.code().value()).toBytes());
    command.handles().forEach(h -> cpHash.update(h.handle().name().bytes()));
    byte[] digest = cpHash.digest(parameters);
    return use.session.hmac(
        use.hmacAuth(),
        digest,
        use.session.nonceCaller(),
        use.session.nonceTpm(),
        cipherNonce(use),
        new byte[] {(byte) attributes(use)});
  }

  /**
   * The first session vouches for the nonce of the session that encrypts, if that is another one
   * (Part 1, 19.6.5). One session encrypts both ways, so there is one such nonce.
   */
  private byte[] cipherNonce(Use use) {
    Use cipher = decrypting != null ? decrypting : encrypting;
    boolean vouches = use.equals(uses.getFirst()) && cipher != null && !use.equals(cipher);
    return vouches && cipher != null ? cipher.session.nonceTpm() : new byte[0];
  }

  /** Reads a successful response: checks every session, then decrypts. */
  Response response(TpmReader in, int tag) throws TpmException {
    if (tag != (uses.isEmpty() ? TAG_NO_SESSIONS : TAG_SESSIONS)) {
      throw new TpmException(command.code().label() + ": the response has the wrong tag");
    }
    int handle = command.code().returnsHandle() ? in.i32() : 0;
    if (uses.isEmpty()) {
      return new Response(handle, in);
    }
    long size = in.u32();
    if (size > in.remaining()) {
      throw new TpmException(command.code().label() + ": the response is cut off");
    }
    byte[] parameters = in.bytes((int) size);
    for (Use use : uses) {
      check(use, in, parameters);
    }
    in.end("the session area");
    plainResponse = decrypted(parameters);
    return new Response(handle, new TpmReader(plainResponse));
  }

  private void check(Use use, TpmReader in, byte[] parameters) throws TpmException {
    Session session = use.session;
    byte[] nonce = in.sized(64, "nonceTPM");
    int attributes = in.u8();
    byte[] proof = in.sized(64, "the response HMAC");
    byte[] expected = new byte[0];
    if (session.kind() != Session.Kind.PASSWORD) {
      MessageDigest rpHash = session.hash().digest();
      rpHash.update(new TpmWriter().u32(0).u32(command.code().value()).toBytes());
      expected =
          session.hmac(
              command.clearsAuth() ? new byte[0] : use.hmacAuth(),
              rpHash.digest(parameters),
              nonce,
              session.nonceCaller(),
              new byte[] {(byte) attributes});
    }
    if (!MessageDigest.isEqual(expected, proof)) {
      throw new TpmException(
          command.code().label()
              + ": the response HMAC is wrong: somebody stands between us and the TPM");
    }
    session.rollNonceTpm(nonce);
  }

  private byte[] decrypted(byte[] parameters) {
    if (encrypting == null) {
      return parameters;
    }
    TpmReader in = new TpmReader(parameters);
    byte[] first = encrypting.session.decrypt(encrypting.auth, in.sized());
    byte[] whole = new TpmWriter().sized(first).bytes(in.bytes(in.remaining())).toBytes();
    Arrays.fill(first, (byte) 0);
    return whole;
  }

  /** Zeroes the authorization values and what was decrypted. */
  void wipe() {
    Arrays.fill(plainResponse, (byte) 0);
    uses.forEach(use -> Arrays.fill(use.auth, (byte) 0));
  }
}
