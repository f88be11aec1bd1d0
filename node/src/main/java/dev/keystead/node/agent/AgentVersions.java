package dev.keystead.node.agent;

import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The versions that an agent speaks: 2.1 to 2.6, which ask for the same but for one name. */
final class AgentVersions {
  static final List<ApiVersion> ALL =
      IntStream.rangeClosed(1, 6).mapToObj(minor -> new ApiVersion(2, minor)).toList();

  private AgentVersions() {}

  /** The version that a path's first segment asks for. */
  static Optional<ApiVersion> find(String segment) {
    return ALL.stream().filter(version -> version.segment().equals(segment)).findFirst();
  }

  /** The algorithms in the names of a version: before 2.5 the usual sizes are not spelled out. */
  static QuoteAlgorithms named(QuoteAlgorithms algorithms, ApiVersion version) {
    if (version.compareTo(ApiVersion.V2_5) >= 0) {
      return algorithms;
    }
    String encryption =
        switch (algorithms.encryption()) {
          case "rsa2048" -> "rsa";
          case "ecc256" -> "ecc";
          default -> algorithms.encryption();
        };
    return new QuoteAlgorithms(algorithms.hash(), encryption, algorithms.signing());
  }
}
