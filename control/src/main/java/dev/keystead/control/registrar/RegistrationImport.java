package dev.keystead.control.registrar;

import dev.keystead.control.ledger.Ledger;
import dev.keystead.control.store.Store;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.MtlsCert;
import dev.keystead.keylime.registration.Registration;
import java.time.InstantSource;
import java.util.List;

/**
 * Registrations that another registrar has seen proved. They are looked at as those that agents
 * send; only the proof is the other's.
 */
public final class RegistrationImport {
  private final Registrations registrations;

  /** Writes into {@code store}, which no registrar uses meanwhile. */
  public RegistrationImport(Store store, InstantSource clock) {
    registrations = new Registrations(store, new Ledger(store, clock), clock, Admission.DEFAULT);
  }

  /**
   * Looks at the keys of a registration.
   *
   * @throws dev.keystead.evidence.EvidenceException with AK_UNFIT or EK_MISMATCH
   */
  public static void check(AgentId id, Registration registration) {
    var _ = candidate(id, registration);
  }

  /**
   * Makes a registration active.
   *
   * @param count how often its keys were registered
   */
  public void take(AgentId id, Registration registration, int count) {
    registrations.adopt(candidate(id, registration), count);
  }

  /** All that are active. */
  public List<AgentId> ids() {
    return registrations.list();
  }

  private static Candidate candidate(AgentId id, Registration registration) {
    return new Candidate(
        id,
        Identity.of(id, registration, Admission.DEFAULT, InstantSource.system().instant()).keys(),
        registration.contact(),
        registration.mtlsCert().map(MtlsCert::text));
  }
}
