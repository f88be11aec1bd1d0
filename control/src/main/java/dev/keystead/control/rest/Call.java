package dev.keystead.control.rest;

import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.HttpRequest;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.Message;
import java.util.List;

/**
 * A request that reached its route.
 *
 * @param version of the wire, as the path asks for it
 * @param arguments the variable segments of the path, decoded once, otherwise unchecked
 * @param request the request
 */
public record Call(ApiVersion version, List<String> arguments, HttpRequest request) {
  /** The body as JSON within limits, whatever its Content-Type. */
  public Json json(Limits limits) {
    return Message.parse(request.body(), limits);
  }
}
