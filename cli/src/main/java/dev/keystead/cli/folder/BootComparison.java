package dev.keystead.cli.folder;

import dev.keystead.evidence.BootPolicy;
import dev.keystead.evidence.Finding;
import dev.keystead.evidence.boot.VerifiedBootLog;
import dev.keystead.evidence.quote.VerifiedQuote;
import dev.keystead.evidence.reference.BootReference;
import dev.keystead.evidence.refstate.Refstate;
import dev.keystead.tpm.structure.PcrSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a boot with reference values, a reference state, or both. */
record BootComparison(Optional<BootReference> reference, Optional<Refstate> refstate)
    implements BootPolicy {

  static Optional<BootComparison> of(Criteria criteria) {
    return criteria.reference().isEmpty() && criteria.refstate().isEmpty()
        ? Optional.empty()
        : Optional.of(new BootComparison(criteria.reference(), criteria.refstate()));
  }

  @Override
  public int pcrMask() {
    int mask = refstate.isPresent() ? Refstate.RELEVANT_PCRS : 0;
    for (PcrSelection.Bank bank : reference.map(r -> r.needed().banks()).orElse(List.of())) {
      mask |= bank.mask();
    }
    return mask;
  }

  @Override
  public boolean needsLog() {
    return refstate.isPresent();
  }

  @Override
  public List<Finding> judge(VerifiedQuote quote, Optional<VerifiedBootLog> log) {
    List<Finding> findings = new ArrayList<>();
    reference.ifPresent(
        good -> findings.addAll(log.map(good::compare).orElseGet(() -> good.compare(quote))));
    refstate.ifPresent(state -> log.ifPresent(verified -> findings.addAll(state.check(verified))));
    return findings;
  }
}
