package dev.keystead.tenant.policy;

import dev.keystead.evidence.policy.MeasuredList;
import dev.keystead.evidence.policy.OlderPolicy;
import dev.keystead.evidence.policy.PolicyDraft;
import dev.keystead.tenant.TenantException;
import dev.keystead.tenant.TenantException.Problem;
import dev.keystead.tpm.structure.HashAlg;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a policy is to be made of. Each source adds to what the policy allows; none takes away.
 *
 * @param base an older or newer policy to begin with
 * @param allowLists older allow lists, flat or JSON
 * @param excludeLists patterns of names to leave unjudged, one in a line
 * @param list the IMA list of a machine that is known to be good
 * @param parts what of the list counts
 * @param tree a file tree
 * @param initrds a folder of initrds
 * @param rpm RPM repositories
 * @param deb Debian repositories
 * @param alg what files are hashed with; empty for what the other sources have, or SHA-256
 */
public record PolicyRecipe(
    Optional<byte[]> base,
    List<byte[]> allowLists,
    List<byte[]> excludeLists,
    Optional<MeasuredList> list,
    Set<MeasuredList.Part> parts,
    Optional<FileTree> tree,
    Optional<Initrds> initrds,
    List<RpmRepository> rpm,
    List<DebRepository> deb,
    Optional<HashAlg> alg) {

  /** A policy with what could not be put into it. */
  public record Made(PolicyDraft draft, List<Harvest> harvests) {}

  /**
   * Reads all sources.
   *
   * @throws TenantException when one cannot be read
   * @throws dev.keystead.evidence.EvidenceException when one is not what it should be
   */
  public Made make(Meter meter) {
    PolicyDraft draft = new PolicyDraft();
    TreeMap<String, HashAlg> found = new TreeMap<>();
    alg.ifPresent(a -> found.put("what is asked for", a));
    base.ifPresent(policy -> OlderPolicy.addJson(policy, draft));
    draft.fileHash().ifPresent(a -> found.put("the base policy", a));
    for (byte[] allowList : allowLists) {
      PolicyDraft one = new PolicyDraft();
      OlderPolicy.add(allowList, one);
      one.fileHash().ifPresent(a -> found.put("an allow list", a));
      OlderPolicy.add(allowList, draft);
    }
    excludeLists.forEach(excludes -> OlderPolicy.addExcludes(excludes, draft));
    if (list.isPresent()) {
      list.get().fileHash().ifPresent(a -> found.put("the IMA list", a));
      draft.templateHash(list.get().templateHash());
      list.get().addTo(draft, parts);
    }
    HashAlg hash = agreed(found);
    List<Harvest> harvests = new ArrayList<>();
    tree.ifPresent(t -> harvests.add(t.harvest(hash, meter)));
    initrds.ifPresent(i -> harvests.add(i.harvest(hash, meter)));
    rpm.forEach(repository -> harvests.add(repository.harvest(meter)));
    deb.forEach(repository -> harvests.add(repository.harvest(hash, meter)));
    harvests.forEach(harvest -> harvest.addTo(draft));
    return new Made(draft, harvests);
  }

  /** A machine hashes files one way, so that sources that differ cannot all be of one machine. */
  private static HashAlg agreed(TreeMap<String, HashAlg> found) {
    Set<HashAlg> different = Set.copyOf(found.values());
    if (different.size() > 1) {
      List<String> words = new ArrayList<>();
      found.forEach((source, alg) -> words.add(source + " has " + alg.label()));
      throw new TenantException(
          Problem.BAD_INPUT,
          "the sources differ in how files are hashed: "
              + String.join(", ", words)
              + ". Make one policy of each, or leave one out");
    }
    return different.stream().findFirst().orElse(HashAlg.SHA256);
  }
}
