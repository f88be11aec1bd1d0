package dev.keystead.evidence.refstate;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.pattern.LinearPattern;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What Keylime's "example" policy expects of a boot. A digest is allowed in any of the hashes that
 * its map names.
 *
 * @param secureBoot whether Secure Boot has to be on, or off
 * @param firmware allowed firmware
 * @param pk allowed platform keys
 * @param kek allowed key exchange keys
 * @param db allowed keys and hashes
 * @param dbx keys and hashes that have to be forbidden
 * @param vendorDb allowed keys of shim's own list, if any may be used
 * @param mokList allowed digests of MokList
 * @param mokListX allowed digests of MokListX
 * @param kernels allowed boot chains
 */
public record Refstate(
    boolean secureBoot,
    List<Firmware> firmware,
    Set<Key> pk,
    Set<Key> kek,
    Set<Key> db,
    Set<Key> dbx,
    Optional<Set<Key>> vendorDb,
    List<Map<HashAlg, Digest>> mokList,
    List<Map<HashAlg, Digest>> mokListX,
    List<Kernel> kernels) {
  /** The PCRs that have to be quoted and replayed: 0 to 9 and 14, as a mask. */
  public static final int RELEVANT_PCRS = 0x43ff;

  /** The code root and the blobs of one firmware, in their order. */
  public record Firmware(Map<HashAlg, Digest> scrtm, List<Map<HashAlg, Digest>> blobs) {}

  /** An EFI signature; {@code data} in lower-case hex. */
  public record Key(UUID owner, String data) {}

  /**
   * One allowed chain.
   *
   * @param shim Authenticode SHA-256
   * @param grub Authenticode SHA-256
   * @param kernel Authenticode SHA-256 with Secure Boot, SHA-256 of the file without
   * @param initrd SHA-256 of the file
   * @param commandLine matches {@code kernel_cmdline: } and the whole command line
   */
  public record Kernel(
      Digest shim, Digest grub, Digest kernel, Digest initrd, LinearPattern commandLine) {}

  /**
   * Parses all of {@code json}. Members that the policy does not know are left alone, as Keylime
   * does: none could allow anything.
   *
   * @throws EvidenceException with POLICY_UNUSABLE
   */
  public static Refstate parse(byte[] json) {
    return RefstateParser.parse(json);
  }

  /**
   * Everything about the boot that the policy does not allow: BOOT_DIFFERS, PCR_MISSING, and what
   * {@link dev.keystead.evidence.boot.BootState} finds. Empty means that the boot is as expected.
   */
  public List<Finding> check(VerifiedBootLog boot) {
    return new RefstateCheck(this, boot).findings();
  }
}
