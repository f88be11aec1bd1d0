package dev.keystead.control.push;

import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.push.JsonApi;

/** Where things are, as it is told to agents. */
final class PushPaths {
  private PushPaths() {}

  static String attestations(AgentId id) {
    return "/" + JsonApi.VERSION + "/agents/" + id + "/attestations";
  }
}
