package dev.keystead.control.verifier;

import dev.keystead.control.verifier.NamedPolicy.Kind;
import dev.keystead.http.HttpRefusal;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.verifier.Policies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What an enrolment says about policies (section 7 of the wire): a policy with a name is kept under
 * it, one without under the agent's id; a name alone means one that is kept already.
 *
 * @param policies what the agent is judged by, whole
 * @param runtime the name of its policy for files
 * @param boot the name of its policy for the boot
 * @param fresh what has to be kept
 */
record PolicyChoice(
    Policies policies, Optional<String> runtime, Optional<String> boot, List<NamedPolicy> fresh) {

  /**
   * Chooses.
   *
   * @param kept finds the policies that are kept
   * @throws HttpRefusal 409 for a new policy whose name is taken, 404 for a name that is unknown
   */
  static PolicyChoice of(
      AgentId id, Policies sent, BiFunction<Kind, String, Optional<NamedPolicy>> kept) {
    Optional<byte[]> bootBody =
        sent.boot()
            .filter(text -> !Criteria.isNoBootPolicy(text))
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
    Optional<NamedPolicy> runtime =
        choose(id, Kind.RUNTIME, sent.runtime(), sent.runtimeName(), sent.runtimeKey(), kept);
    Optional<NamedPolicy> boot =
        choose(id, Kind.BOOT, bootBody, sent.bootName(), Optional.empty(), kept);
    Policies policies = sent;
    if (runtime.isPresent()) {
      policies = policies.ofRuntime(runtime.get().body(), runtime.get().signer());
    }
    if (boot.isPresent()) {
      policies = policies.ofBoot(new String(boot.get().body(), StandardCharsets.UTF_8));
    }
    List<NamedPolicy> fresh = new ArrayList<>();
    runtime.filter(_ -> sent.runtime().isPresent()).ifPresent(fresh::add);
    boot.filter(_ -> bootBody.isPresent()).ifPresent(fresh::add);
    return new PolicyChoice(
        policies, runtime.map(NamedPolicy::name), boot.map(NamedPolicy::name), List.copyOf(fresh));
  }

  private static Optional<NamedPolicy> choose(
      AgentId id,
      Kind kind,
      Optional<byte[]> body,
      Optional<String> name,
      Optional<String> signer,
      BiFunction<Kind, String, Optional<NamedPolicy>> kept) {
    if (body.isPresent()) {
      String under = name.orElse(id.value());
      if (kept.apply(kind, under).isPresent()) {
        throw new HttpRefusal(
            409, "a %s policy of the name %s is kept already".formatted(kind.label(), under));
      }
      return Optional.of(new NamedPolicy(kind, under, body.get(), signer));
    }
    return name.map(known ->
        kept.apply(kind, known)
            .orElseThrow(() ->
                new HttpRefusal(
                    404, "no %s policy of the name %s is kept".formatted(kind.label(), known))));
  }
}
