package dev.keystead.control;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.ClientRequest;
import dev.keystead.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One recorded exchange with Keylime's own parts. */
public record Recording(
    String name, String method, String path, Json body, boolean typed, int status, Json reply) {

  /** Reads {@code pull/02-register} and its like. */
  public static Recording of(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            Recording.class.getResourceAsStream("captures/" + name + ".json"), name)) {
      Fields all = Json.parseObject(in.readAllBytes(), Limits.WIRE).fields("");
      Fields request = all.object("request");
      Fields response = all.object("response");
      boolean typed =
          request.list("headers", 64).stream()
              .anyMatch(
                  header -> header.list(2).getFirst().text(100).equalsIgnoreCase("Content-Type"));
      return new Recording(
          name,
          request.text("method"),
          request.text("path"),
          request.field("body").value(),
          typed,
          response.integer("status", 100, 599),
          response.field("body").value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request again. */
  public ClientRequest request() {
    if (body instanceof Json.Null) {
      return ClientRequest.of(method, path);
    }
    ClientRequest json = ClientRequest.json(method, path, body.toString());
    return typed
        ? json
        : new ClientRequest(method, path, Headers.none(), json.body(), false, Optional.empty());
  }

  /** The results of the reply. */
  public Json.Obj results() {
    return reply instanceof Json.Obj envelope
            && envelope.members().get("results") instanceof Json.Obj results
        ? results
        : Json.object().build();
  }

  /** Where a reply differs from the recorded one in what is there and of which type. */
  public List<String> differences(Json ours) {
    List<String> differences = new ArrayList<>();
    compare("", reply, ours, differences);
    return differences;
  }

  private static void compare(String at, Json theirs, Json ours, List<String> differences) {
    if (theirs instanceof Json.Obj a && ours instanceof Json.Obj b) {
      a.members().keySet().stream()
          .filter(key -> !b.members().containsKey(key))
          .forEach(key -> differences.add(at + "/" + key + " is missing"));
      b.members().keySet().stream()
          .filter(key -> !a.members().containsKey(key))
          .forEach(key -> differences.add(at + "/" + key + " is new"));
      for (Map.Entry<String, Json> each : a.members().entrySet()) {
        Json other = b.members().get(each.getKey());
        if (other != null) {
          compare(at + "/" + each.getKey(), each.getValue(), other, differences);
        }
      }
    } else if (theirs instanceof Json.Arr a && ours instanceof Json.Arr b) {
      if (!a.items().isEmpty() && !b.items().isEmpty()) {
        compare(at + "/0", a.items().getFirst(), b.items().getFirst(), differences);
      }
    } else if (!(theirs instanceof Json.Null)
        && !(ours instanceof Json.Null)
        && theirs.getClass() != ours.getClass()) {
      differences.add(at + " is of another type");
    }
  }
}
