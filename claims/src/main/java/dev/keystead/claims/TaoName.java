package dev.keystead.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The name of a program by what it is: one segment for each layer, the platform first, for instance
 * {@code tpm(<digest>).linux(<digest>).program(<digest>)}. A host names the programs on it by
 * adding one segment to its own name, so a name can't be longer or shorter than the stack that it
 * names.
 *
 * @param segments 1 to {@value #MAX_SEGMENTS} segments, none of kind {@code key}, {@code tpm} only
 *     the first
 */
public record TaoName(List<Segment> segments) implements Principal {
  /** The most layers that a name can have. */
  public static final int MAX_SEGMENTS = 8;

  /**
   * The kind of a platform's segment: a TPM, by the SHA-256 of its endorsement key's TPMT_PUBLIC.
   */
  public static final String TPM = "tpm";

  /** The kind of an operating system that a TPM has measured. */
  public static final String LINUX = "linux";

  /** The kind of a program that a host has measured and started. */
  public static final String PROGRAM = "program";

  /** Checks the number of segments and their kinds. */
  public TaoName {
    segments = List.copyOf(segments);
    if (segments.isEmpty() || segments.size() > MAX_SEGMENTS) {
      throw new IllegalArgumentException("a name has 1 to " + MAX_SEGMENTS + " segments");
    }
    if (segments.stream().anyMatch(s -> s.kind().equals(KeyPrincipal.KIND))) {
      throw new IllegalArgumentException("a program's name has no key in it");
    }
    if (segments.stream().skip(1).anyMatch(s -> s.kind().equals(TPM))) {
      throw new IllegalArgumentException("a TPM runs on nothing");
    }
  }

  /** The name with these segments, the platform's first. */
  public static TaoName of(Segment... segments) {
    return new TaoName(Arrays.asList(segments));
  }

  /**
   * The name with this text form.
   *
   * @throws IllegalArgumentException when it is not one, to the letter
   */
  public static TaoName parse(String text) {
    if (text.length() > MAX_SEGMENTS * 84) {
      throw new IllegalArgumentException("a name has 1 to " + MAX_SEGMENTS + " segments");
    }
    return new TaoName(Arrays.stream(text.split("\\.", -1)).map(Segment::parse).toList());
  }

  /** The name of what runs on this one. */
  public TaoName child(Segment segment) {
    List<Segment> longer = new ArrayList<>(segments);
    longer.add(segment);
    return new TaoName(longer);
  }

  /** The last segment: what this is; those before it are where it runs. */
  public Segment last() {
    return segments.getLast();
  }

  /** Whether this is the name of something that runs directly on {@code host}. */
  public boolean isChildOf(TaoName host) {
    int layers = segments.size() - 1;
    return layers == host.segments.size() && segments.subList(0, layers).equals(host.segments);
  }

  @Override
  public String text() {
    return segments.stream().map(Segment::text).collect(Collectors.joining("."));
  }

  @Override
  public String toString() {
    return text();
  }
}
