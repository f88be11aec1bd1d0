package dev.keystead.cli.folder;

import dev.keystead.evidence.Appraisal;
import dev.keystead.evidence.Appraised;
import dev.keystead.evidence.Appraiser;
import dev.keystead.evidence.BootPolicy;
import dev.keystead.evidence.Evidence;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.Finding.Code;
import dev.keystead.evidence.History;
import dev.keystead.evidence.Policy;
import dev.keystead.evidence.launch.LaunchLog;
import dev.keystead.evidence.policy.RuntimePolicy;
import dev.keystead.evidence.quote.AcceptedAlgorithms;
import dev.keystead.evidence.quote.Coverage;
import dev.keystead.evidence.quote.QuoteVerifier;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Has every quote of a folder appraised with the logs beside it, and its certificates checked. */
public final class FolderAppraiser {
  private static final int IMA_PCR = 1 << 10;
  private static final int LAUNCH_PCR = 1 << LaunchLog.PCR;
  private static final Coverage ANY = new Coverage.AtLeast(new PcrSelection(List.of()));

  private final EvidenceFolder folder;
  private final Criteria criteria;
  private final Instant now;
  private final Set<Finding> findings = new LinkedHashSet<>();
  private final Set<String> notChecked = new LinkedHashSet<>();
  private boolean softwareTpm;

  private FolderAppraiser(EvidenceFolder folder, Criteria criteria, Instant now) {
    this.folder = folder;
    this.criteria = criteria;
    this.now = now;
  }

  /** The one judgement of all that is in the folder: any finding makes it untrusted. */
  public static Appraisal appraise(EvidenceFolder folder, Criteria criteria, Instant now) {
    return new FolderAppraiser(folder, criteria, now).appraise();
  }

  private Appraisal appraise() {
    findings.addAll(folder.faults());
    endorsements();
    compareLists();
    List<Appraisal> all = folder.quotes().stream().map(this::appraise).toList();
    all.forEach(appraisal -> findings.addAll(appraisal.findings()));
    notCheckedByAny(all);
    Appraisal.Covered covered = covered(all);
    if (covered.imaEntries() <= 1
        && hasList()
        && findings.stream().noneMatch(f -> f.code().label().startsWith("ima-"))) {
      findings.add(
          new Finding(
              Code.IMA_COVERS_NOTHING,
              "IMA list",
              "the quotes cover no entry of it but boot_aggregate"));
    }
    return new Appraisal(
        now, List.copyOf(findings), findings.size(), covered, List.copyOf(notChecked), softwareTpm);
  }

  private Appraisal appraise(FolderQuote quote) {
    PcrSelection covers = quote.quote().values().selection();
    HashAlg bank =
        covers.mask(HashAlg.SHA256) != 0 || covers.banks().isEmpty()
            ? HashAlg.SHA256
            : covers.banks().getFirst().alg();
    Policy policy =
        new Policy(
            "",
            new QuoteVerifier(quote.key(), AcceptedAlgorithms.ALL),
            bank,
            Optional.empty(),
            criteria.files().filter(_ -> isFor(quote, IMA_PCR)),
            BootComparison.of(criteria)
                .filter(boot -> isFor(quote, boot.pcrMask()))
                .map(BootPolicy.class::cast),
            false,
            softwareTpm,
            criteria.launches().filter(_ -> isFor(quote, LAUNCH_PCR)));
    Evidence evidence =
        new Evidence(
            quote.quote(),
            folder.nonce(),
            ANY,
            folder.bootLog(),
            folder.imaBinary().or(folder::imaAscii).map(list -> new Evidence.ImaPart(0, list)),
            Optional.empty(),
            folder.launchLog());
    if (quote.isBare()) {
      notChecked.add(
          "attestation key %s: given without a TPM's public area, so its attributes are unknown"
              .formatted(quote.name()));
    }
    return switch (Appraiser.appraise(History.start(""), evidence, policy, now)) {
      case Appraised.Judged judged -> judged.appraisal();
      case Appraised.AskAgain again -> throw new IllegalStateException(again.reason());
    };
  }

  /**
   * A quote is judged by what it covers; where no quote covers it, the widest one has to answer.
   */
  private boolean isFor(FolderQuote quote, int mask) {
    boolean covered = folder.quotes().stream().anyMatch(q -> covers(q, mask));
    return covered ? covers(quote, mask) : quote.equals(widest());
  }

  private FolderQuote widest() {
    return folder.quotes().stream()
        .max(Comparator.comparingInt(q -> Integer.bitCount(mask(q))))
        .orElseThrow();
  }

  private static boolean covers(FolderQuote quote, int mask) {
    return (mask & ~mask(quote)) == 0;
  }

  private static int mask(FolderQuote quote) {
    return quote.quote().values().selection().banks().stream()
        .mapToInt(PcrSelection.Bank::mask)
        .reduce(0, (a, b) -> a | b);
  }

  private boolean hasList() {
    return folder.imaBinary().or(folder::imaAscii).isPresent()
        && folder.quotes().stream().anyMatch(quote -> covers(quote, IMA_PCR));
  }

  private void compareLists() {
    if (folder.imaBinary().isPresent() && folder.imaAscii().isPresent()) {
      HashAlg alg = criteria.files().map(RuntimePolicy::templateHash).orElse(HashAlg.SHA1);
      ListComparison.difference(folder.imaBinary().get(), folder.imaAscii().get(), alg)
          .ifPresent(findings::add);
    }
  }

  private void endorsements() {
    notChecked.add(
        "that the attestation keys live in the TPM of the endorsement key: this takes an activated"
            + " credential, at registration");
    if (criteria.signatureUnchecked()) {
      notChecked.add("signature of the policy: no key given");
    }
    if (criteria.endorsement().isEmpty()) {
      notChecked.add("endorsement: no EK roots given");
    } else {
      var check = new EndorsementCheck(criteria.endorsement().get(), now);
      findings.addAll(check.findings(folder));
      softwareTpm = check.softwareTpm();
    }
  }

  /** What one quote could not be judged by and another was, is checked. */
  private void notCheckedByAny(List<Appraisal> all) {
    if (all.isEmpty()) {
      return;
    }
    List<String> common = new ArrayList<>(all.getFirst().notChecked());
    all.forEach(appraisal -> common.retainAll(appraisal.notChecked()));
    notChecked.addAll(common);
  }

  private static Appraisal.Covered covered(List<Appraisal> all) {
    int bootEvents = 0;
    long imaEntries = 0;
    long files = 0;
    for (Appraisal appraisal : all) {
      bootEvents = Math.max(bootEvents, appraisal.covered().bootEvents());
      imaEntries = Math.max(imaEntries, appraisal.covered().imaEntries());
      files = Math.max(files, appraisal.covered().files());
    }
    return new Appraisal.Covered(bootEvents, imaEntries, files);
  }
}
