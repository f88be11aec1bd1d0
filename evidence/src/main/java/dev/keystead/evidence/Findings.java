package dev.keystead.evidence;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong: all is counted, the first of it is kept. */
final class Findings {
  private static final int MOST_KEPT = 100;

  private final Set<Finding> kept = new LinkedHashSet<>();
  private long count;

  void add(Finding finding) {
    if (kept.size() < MOST_KEPT) {
      if (!kept.add(finding)) {
        return;
      }
    }
    count++;
  }

  void add(Finding.Code code, String where, String detail) {
    add(new Finding(code, where, detail));
  }

  void addAll(List<Finding> findings) {
    findings.forEach(this::add);
  }

  long count() {
    return count;
  }

  List<Finding> kept() {
    return new ArrayList<>(kept);
  }
}
