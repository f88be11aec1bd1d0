package dev.keystead.control.rest;

import dev.keystead.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One method on one path below the version.
 *
 * @param method such as {@code GET}
 * @param path segments; {@code *} stands for any one segment
 * @param access who may use it
 * @param action what it does
 */
public record Route(String method, List<String> path, Access access, Action action) {
  /** What a route does. */
  @FunctionalInterface
  public interface Action {
    /** Answers; refuses with an exception that {@link Routes} knows. */
    HttpResponse answer(Call call);
  }

  /** A route; {@code path} such as {@code agents/*}. */
  public static Route of(String method, String path, Access access, Action action) {
    return new Route(method, List.of(path.split("/", -1)), access, action);
  }

  /** The variable segments, if the path is this route's. */
  Optional<List<String>> match(List<String> segments) {
    if (segments.size() != path.size()) {
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
