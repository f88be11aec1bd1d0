package dev.keystead.tenant;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.VersionReply;
import dev.keystead.tenant.TenantException.Problem;
import java.util.Optional;
import java.util.stream.Collectors;

/** Paths under the version that both sides speak. */
record VersionedPath(ApiVersion version) {
  private static final int GONE = 410;

  /** Asks for the versions; a verifier in push mode says 410 and is spoken to in the newest. */
  static VersionedPath agree(Correspondent other) {
    return agree(other, Optional.empty());
  }

  /** As {@link #agree(Correspondent)}, and nothing but the wanted version will do. */
  static VersionedPath agree(Correspondent other, Optional<ApiVersion> wanted) {
    Correspondent.Reply reply = other.get("/version");
    if (reply.status() == GONE) {
      return new VersionedPath(ApiVersion.CURRENT);
    }
    VersionReply versions = other.results(reply, "its versions", VersionReply::parse);
    return new VersionedPath(
        ApiVersion.negotiate(
                versions.supported().stream().filter(v -> isWanted(v, wanted)).toList())
            .orElseThrow(() ->
                new TenantException(
                    Problem.REFUSED,
                    "%s at %s speaks %s, and this is Keystead with %s: there is no version in"
                            .formatted(
                                other.name(),
                                other.endpoint(),
                                words(versions.supported()),
                                wanted
                                    .map(ApiVersion::toString)
                                    .orElse(words(ApiVersion.SUPPORTED)))
                        + " common")));
  }

  private static boolean isWanted(ApiVersion version, Optional<ApiVersion> wanted) {
    return wanted.isEmpty() || wanted.get().equals(version);
  }

  private static String words(java.util.List<ApiVersion> versions) {
    return versions.stream().map(ApiVersion::toString).collect(Collectors.joining(", "));
  }

  /** {@code /v2.6/agents/}. */
  String agents() {
    return path("agents/");
  }

  /** {@code /v2.6/agents/ID}. */
  String agent(AgentId id) {
    return path("agents/" + id);
  }

  /** {@code /v2.6/} and the rest. */
  String path(String rest) {
    return "/" + version.segment() + "/" + rest;
  }
}
