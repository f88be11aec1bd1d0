package dev.keystead.control.migration;

import dev.keystead.control.migration.Item.Fate;
import java.util.List;

/**
 * What was found in an installation, and what becomes of each thing.
 *
 * @param source digest over all rows that were read, in hex
 */
public record Report(List<Item> items, String source) {
  /** Takes a copy. */
  public Report {
    items = List.copyOf(items);
  }

  /** How many things have this fate. */
  public long count(Fate fate) {
    return items.stream().filter(item -> item.fate() == fate).count();
  }

  /** Things of a kind that were taken, changed or not. */
  List<String> taken(Item.Kind kind) {
    return items.stream()
        .filter(item -> item.kind() == kind)
        .filter(item -> item.fate() == Fate.TAKEN || item.fate() == Fate.CHANGED)
        .map(Item::name)
        .toList();
  }
}
