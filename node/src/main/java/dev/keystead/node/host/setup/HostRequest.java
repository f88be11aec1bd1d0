package dev.keystead.node.host.setup;

import dev.keystead.claims.Segment;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.tao.platform.PlatformRequest;
import java.util.HexFormat;

/**
 * What a machine asks its owner for, as a file to carry. Nothing in it is to be believed: the owner
 * compares the platform's name with the list of machines, and the host's with what was approved.
 *
 * @param platform the TPM's keys
 * @param host what was booted, as the TPM's PCRs measure it
 */
public record HostRequest(PlatformRequest platform, Segment host) {
  private static final int MAX_BYTES = 4096;
  private static final int MAX_TEXT = 128;

  /** Parses all of {@code bytes}. */
  public static HostRequest parse(byte[] bytes) {
    try {
      Fields fields = Json.parseObject(bytes, Limits.WIRE).fields("the request");
      HostRequest request =
          new HostRequest(
              PlatformRequest.parse(fields.hex("platform", MAX_BYTES)),
              Segment.parse(fields.text("host", MAX_TEXT)));
      fields.done();
      return request;
    } catch (JsonException | CborException | IllegalArgumentException e) {
      throw new HostException("that is no host's request: " + e.getMessage(), e);
    }
  }

  /** A JSON document. */
  public byte[] encode() {
    return Json.object()
        .put("platform", HexFormat.of().formatHex(platform.encode()))
        .put("host", host.text())
        .build()
        .toBytes();
  }
}
