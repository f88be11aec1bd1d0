package dev.keystead.keylime;

import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** One recorded exchange of Keylime's own parts. */
public record Capture(String method, String path, Json request, int status, Json response) {
  /** Reads {@code pull/02-register} and its like. */
  public static Capture of(String name) {
    Fields all = Json.parseObject(bytes(name + ".json"), Limits.WIRE).fields("");
    Fields request = all.object("request");
    Fields response = all.object("response");
    return new Capture(
        request.text("method"),
        request.text("path"),
        request.field("body").value(),
        response.integer("status", 100, 599),
        response.field("body").value());
  }

  /** A file beside the recordings. */
  public static byte[] bytes(String name) {
    try (InputStream in = Capture.class.getResourceAsStream("/captures/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no recording " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text file beside the recordings. */
  public static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  /** The results of the reply. */
  public Json.Obj results() {
    return Envelope.parse(response).results();
  }

  /** The last segment of the path, without its query. */
  public String lastSegment() {
    String bare = path.replaceFirst("\\?.*", "");
    return bare.substring(bare.lastIndexOf('/') + 1);
  }

  /** A parameter of the query. */
  public Optional<String> parameter(String name) {
    return Arrays.stream(path.replaceFirst("[^?]*\\?", "").split("&"))
        .filter(p -> p.startsWith(name + "="))
        .map(p -> p.substring(name.length() + 1))
        .findFirst();
  }
}
