package dev.keystead.cli.keylime;

import dev.keystead.cli.CommandException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of another program, read as that program reads them. */
final class ForeignOptions {
  /** Whether an option has a value. */
  enum Value {
    /** It has none. */
    NONE,
    /** It has one. */
    ONE,
    /** It may have one. */
    MAYBE
  }

  /**
   * An option.
   *
   * @param names the first one names it
   * @param refusal why it is not taken, in words; empty when it is
   */
  record Known(List<String> names, Value value, String refusal) {
    static Known flag(String... names) {
      return new Known(List.of(names), Value.NONE, "");
    }

    static Known one(String... names) {
      return new Known(List.of(names), Value.ONE, "");
    }

    static Known refused(String why, String... names) {
      return new Known(List.of(names), Value.ONE, why);
    }

    String name() {
      return names.getFirst();
    }
  }

  private final Map<String, List<String>> given = new LinkedHashMap<>();

  private ForeignOptions() {}

  /**
   * Reads a command line that has options only.
   *
   * @throws CommandException usage, for an option that is not known, not taken, or lacks its value
   */
  static ForeignOptions parse(List<Known> known, List<String> args) {
    Map<String, Known> byName = new HashMap<>();
    known.forEach(option -> option.names().forEach(name -> byName.put(name, option)));
    ForeignOptions options = new ForeignOptions();
    List<String> left = new ArrayList<>(args);
    while (!left.isEmpty()) {
      String arg = left.removeFirst();
      int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
      String name = equals < 0 ? arg : arg.substring(0, equals);
      Known option = byName.get(name);
      if (option == null) {
        throw CommandException.usage("%s is not known here; --help lists what is".formatted(name));
      }
      if (!option.refusal().isEmpty()) {
        throw CommandException.usage("%s is not taken: %s".formatted(name, option.refusal()));
      }
      Optional<String> value =
          equals < 0 ? value(option, left) : Optional.of(arg.substring(equals + 1));
      if (option.value() == Value.ONE && value.isEmpty()) {
        throw CommandException.usage(name + " needs a value");
      }
      if (option.value() == Value.NONE && value.isPresent()) {
        throw CommandException.usage(name + " takes no value");
      }
      options.given.computeIfAbsent(option.name(), key -> new ArrayList<>()).add(value.orElse(""));
    }
    return options;
  }

  private static Optional<String> value(Known option, List<String> left) {
    boolean there = !left.isEmpty() && !left.getFirst().startsWith("-");
    return switch (option.value()) {
      case NONE -> Optional.empty();
      case ONE -> left.isEmpty() ? Optional.empty() : Optional.of(left.removeFirst());
      case MAYBE -> there ? Optional.of(left.removeFirst()) : Optional.empty();
    };
  }

  boolean has(String name) {
    return given.containsKey(name);
  }

  /** The last value that was given, as the programs take it. */
  Optional<String> last(String name) {
    return Optional.ofNullable(given.get(name)).map(List::getLast);
  }

  List<String> all(String name) {
    return given.getOrDefault(name, List.of());
  }

  /** The names that were given. */
  java.util.Set<String> names() {
    return given.keySet();
  }
}
