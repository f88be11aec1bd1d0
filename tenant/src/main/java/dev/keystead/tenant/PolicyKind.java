package dev.keystead.tenant;

/** The policies that a verifier keeps under names (section 7 of the wire). */
public enum PolicyKind {
  /** What may run. */
  RUNTIME("allowlists", "runtimepolicy names", "runtime_policy"),
  /** What may boot. */
  BOOT("mbpolicies", "mbpolicy names", "mb_policy");

  private final String path;
  private final String list;
  private final String field;

  PolicyKind(String path, String list, String field) {
    this.path = path;
    this.list = list;
    this.field = field;
  }

  /** The folder of the verifier's paths. */
  String path() {
    return path;
  }

  /** The field of a list of names. */
  String list() {
    return list;
  }

  /** The field of a policy. */
  String field() {
    return field;
  }
}
