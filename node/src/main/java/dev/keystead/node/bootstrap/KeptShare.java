package dev.keystead.node.bootstrap;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.WireException;
import dev.keystead.keylime.bootstrap.AuthTag;
import dev.keystead.keylime.bootstrap.KeyShare;
import dev.keystead.keylime.bootstrap.Payload;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.AgentException;
import dev.keystead.node.Audit;
import dev.keystead.node.identity.NvSecret;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.TpmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * The U that was used, kept over a reboot: the share itself in the TPM, and in {@code
 * kept-share.json} in the work directory what came with it, the tag and the encrypted payload. With
 * that a reboot needs the verifier, which gives V again after it has found the new boot good, and
 * not the tenant. Neither the disk nor the TPM nor both hold the key.
 */
public final class KeptShare {
  /** Where Keylime's agents keep theirs. */
  public static final int INDEX = 0x01500018;

  private static final System.Logger LOG = System.getLogger(KeptShare.class.getName());
  private static final String FILE = "kept-share.json";
  private static final Limits LIMITS = Limits.WIRE.withBytes(2 << 20);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path work;
  private final NvSecret nv;
  private final Audit audit;

  /** A share kept here. */
  public KeptShare(Path work, NvSecret nv, Audit audit) {
    this.work = work;
    this.nv = nv;
    this.audit = audit;
  }

  /** Keeps a U in place of the one before; when it cannot, a reboot will need the tenant. */
  void keep(PostedShare u) {
    byte[] auth = new byte[32];
    RANDOM.nextBytes(auth);
    byte[] share = u.share().copy();
    try (Secret under = Secret.of(auth)) {
      PostedShare.Owner owner = u.owner().orElseThrow();
      Files.deleteIfExists(work.resolve(FILE));
      nv.write(share, under);
      PrivateFiles.write(
          work.resolve(FILE),
          Json.object()
              .putBytes64("auth", auth)
              .put("auth_tag", owner.tag().hex())
              .putBytes64("payload", owner.payload())
              .build()
              .toBytes());
      audit.happened(new AgentEvent.ShareKept());
    } catch (TpmException | AgentException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a reboot will need the owner, the TPM does not keep the share: {0}",
          e.getMessage());
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a reboot will need the owner, the share cannot be written: {0}",
          e.getMessage());
    } finally {
      Arrays.fill(auth, (byte) 0);
      Arrays.fill(share, (byte) 0);
    }
  }

  /** The U that was kept, if TPM and file still belong together. */
  Optional<PostedShare> recall() {
    Path file = work.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Fields fields = Json.parseObject(PrivateFiles.read(file, LIMITS.bytes()), LIMITS).fields("");
      byte[] auth = fields.bytes64("auth", 32);
      AuthTag tag = AuthTag.parse(fields.text("auth_tag", 128), "auth_tag");
      byte[] payload = fields.bytes64("payload", Payload.MAX_SIZE);
      try (Secret under = Secret.of(auth)) {
        return nv.read(under)
            .map(share ->
                new PostedShare(
                    "kept in the TPM",
                    KeyShare.adopt(share),
                    Optional.of(new PostedShare.Owner(tag, payload))));
      }
    } catch (IOException | JsonException | WireException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "this boot needs the owner, the share that was kept cannot be read: {0}",
          e.getMessage());
      return Optional.empty();
    }
  }
}
