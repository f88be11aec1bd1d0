package dev.keystead.keylime;

import dev.keystead.keylime.WireException.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A version of Keylime's wire, such as 2.6. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  /** The version in which agents also say the size of their key: {@code rsa2048}. */
  public static final ApiVersion V2_5 = new ApiVersion(2, 5);

  /** The newest version that is spoken. */
  public static final ApiVersion CURRENT = new ApiVersion(2, 6);

  /** The version of the push model, which servers serve beside {@link #SUPPORTED}. */
  public static final ApiVersion V3_0 = new ApiVersion(3, 0);

  /** What is spoken between owner, servers and agents in the pull model, oldest first. */
  public static final List<ApiVersion> SUPPORTED =
      IntStream.rangeClosed(1, CURRENT.minor).mapToObj(minor -> new ApiVersion(2, minor)).toList();

  /** What our servers serve, oldest first. */
  public static final List<ApiVersion> SERVED =
      Stream.concat(SUPPORTED.stream(), Stream.of(V3_0)).toList();

  private static final Pattern FORM = Pattern.compile("v?(\\d{1,3})(?:\\.(\\d{1,3}))?");
  private static final Comparator<ApiVersion> ORDER =
      Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

  /** Reads {@code 2.6} or {@code v2.6}: what stands in version lists and requests for one. */
  public static ApiVersion parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || form.group(2) == null) {
      throw WireException.malformed("version", "is not of the form 2.6");
    }
    return new ApiVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }

  /**
   * The version that the first segment of a path asks for: {@code v2.6}, or {@code v2} for the
   * newest minor version of 2 that is spoken; a missing v is borne. Throws {@link WireException}
   * with {@link Reason#VERSION} and the text that Keylime's verifier looks for when it is not
   * spoken, with {@link Reason#MALFORMED} when it is no version at all.
   */
  public static ApiVersion ofPath(String segment) {
    Matcher form = FORM.matcher(segment);
    if (!form.matches()) {
      throw WireException.malformed("path", "does not begin with a version");
    }
    int major = Integer.parseInt(form.group(1));
    Optional<ApiVersion> spoken =
        form.group(2) == null
            ? SERVED.stream().filter(v -> v.major == major).max(ORDER)
            : Optional.of(new ApiVersion(major, Integer.parseInt(form.group(2))))
                .filter(SERVED::contains);
    return spoken.orElseThrow(() ->
        new WireException(
            Reason.VERSION, "API version not supported: v" + segment.replaceFirst("^v", "")));
  }

  /** The newest version that both sides speak, if there is one. */
  public static Optional<ApiVersion> negotiate(Collection<ApiVersion> theirs) {
    return SUPPORTED.stream().filter(theirs::contains).max(ORDER);
  }

  /** {@code v2.6}: as it stands in a path. */
  public String segment() {
    return "v" + this;
  }

  @Override
  public int compareTo(ApiVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
