package dev.keystead.control.rest;

import dev.keystead.http.HttpResponse;
import dev.keystead.keylime.ApiVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One method on one path below the version.
 *
 * @param method such as {@code GET}
 * @param path segments; {@code *} stands for any one segment
 * @param majors the major versions of the wire that have it
 * @param access who may use it
 * @param action what it does
 */
public record Route(
    String method, List<String> path, Set<Integer> majors, Access access, Action action) {
  /** What a route does. */
  @FunctionalInterface
  public interface Action {
    /** Answers; refuses with an exception that {@link Routes} knows. */
    HttpResponse answer(Call call);
  }

  /** A route of version 2; {@code path} such as {@code agents/*}. */
  public static Route of(String method, String path, Access access, Action action) {
    return new Route(method, List.of(path.split("/", -1)), Set.of(2), access, action);
  }

  /** The same route in these major versions. */
  public Route in(Integer... majors) {
    return new Route(method, path, Set.of(majors), access, action);
  }

  /** The variable segments, if version and path are this route's. */
  Optional<List<String>> match(ApiVersion version, List<String> segments) {
    if (segments.size() != path.size() || !majors.contains(version.major())) {
      return Optional.empty();
    }
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i).equals("*")) {
        arguments.add(segments.get(i));
      } else if (!path.get(i).equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(arguments);
  }
}
