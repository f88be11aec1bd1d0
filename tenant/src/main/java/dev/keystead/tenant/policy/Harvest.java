package dev.keystead.tenant.policy;

import dev.keystead.evidence.policy.PolicyDraft;
import java.util.ArrayList;
import java.util.List;

/**
 * What one source gave: digests by name, and what had to be left out of the policy. What is left
 * out stays forbidden. For use by many threads.
 */
public final class Harvest {
  private static final int MOST_NAMED = 5;

  /**
   * One file.
   *
   * @param name as IMA will write it
   * @param digest in lower-case hex
   */
  record Allowed(String name, String digest) {}

  private final List<Allowed> files = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private int leftOutCount;

  Harvest() {}

  synchronized void addAll(List<Allowed> more) {
    files.addAll(more);
  }

  synchronized void leaveOut(String what, String why) {
    leftOutCount++;
    if (leftOut.size() < MOST_NAMED) {
      leftOut.add(what + ": " + why);
    }
  }

  /** How many names were found, each as often as it was found. */
  public synchronized int fileCount() {
    return files.size();
  }

  /** How many files were left out. */
  public synchronized int leftOutCount() {
    return leftOutCount;
  }

  /** Some of those that were left out, and why. */
  public synchronized List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** Adds the files to a policy. */
  synchronized void addTo(PolicyDraft draft) {
    files.forEach(file -> draft.allowFile(file.name(), file.digest()));
  }

  /** IMA writes a space in a name as an underscore. */
  static String asMeasured(String name) {
    return name.replace(' ', '_');
  }
}
