package dev.keystead.evidence.boot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A command or command line that GRUB measured into PCR 8: the log has a word for what it is, the
 * digest is of the rest.
 *
 * @param kind {@code grub_cmd}, {@code kernel_cmdline} or {@code module_cmdline}; not covered
 * @param text what was measured
 */
public record GrubText(String kind, String text) {
  private static final List<String> KINDS = List.of("grub_cmd", "kernel_cmdline", "module_cmdline");

  /** The covered text of an event, if it has GRUB's form and its digests cover the text. */
  public static Optional<GrubText> of(BootEvent event) {
    byte[] data = event.data();
    int end = data.length > 0 && data[data.length - 1] == 0 ? data.length - 1 : data.length;
    return kind(data)
        .flatMap(kind ->
            measured(event, kind.length() + 2, end)
                .map(text -> new GrubText(kind, new String(text, StandardCharsets.UTF_8))));
  }

  /** Whether the event says that it is one of these, covered or not. */
  static boolean isLabelled(BootEvent event) {
    return kind(event.data()).isPresent();
  }

  private static Optional<String> kind(byte[] data) {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    return KINDS.stream().filter(kind -> text.startsWith(kind + ": ")).findFirst();
  }

  /** Distributions differ in whether they measure the terminating zero and the word before. */
  private static Optional<byte[]> measured(BootEvent event, int start, int end) {
    byte[] data = event.data();
    byte[] text = Arrays.copyOfRange(data, start, end);
    boolean covered =
        event.covers(text)
            || event.covers(Arrays.copyOfRange(data, start, data.length))
            || event.covers(Arrays.copyOf(data, end))
            || event.coversData();
    return covered ? Optional.of(text) : Optional.empty();
  }
}
