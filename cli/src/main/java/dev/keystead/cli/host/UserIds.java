package dev.keystead.cli.host;

import dev.keystead.cli.CommandException;
import dev.keystead.tao.ProgramSpec.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whom a program runs as: {@code UID[:GID[:GROUP...]]}. */
final class UserIds implements ITypeConverter<UserIds> {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final List<Integer> ids;

  /** For picocli. */
  UserIds() {
    this(List.of());
  }

  private UserIds(List<Integer> ids) {
    this.ids = ids;
  }

  @Override
  public UserIds convert(String text) {
    try {
      return new UserIds(Arrays.stream(text.split(":", -1)).map(Integer::valueOf).toList());
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "'%s' is not UID[:GID[:GROUP...]] in numbers".formatted(text));
    }
  }

  /** The group is the user's number where none is given. */
  Identity identity() {
    int uid = ids.getFirst();
    return new Identity(uid, ids.size() > 1 ? ids.get(1) : uid, ids.stream().skip(2).toList());
  }

  /** This process's own user and groups. */
  static Identity own() {
    return new Identity(numbers("Uid:").get(1), numbers("Gid:").get(1), numbers("Groups:"));
  }

  private static List<Integer> numbers(String field) {
    try {
      String line =
          Files.readAllLines(STATUS).stream()
              .filter(l -> l.startsWith(field))
              .findFirst()
              .orElseThrow(() -> new IOException("no " + field));
      return Arrays.stream(line.substring(field.length()).strip().split("\\s+"))
          .filter(number -> !number.isEmpty())
          .map(Integer::valueOf)
          .toList();
    } catch (IOException e) {
      throw CommandException.failed(STATUS + " cannot be read: " + e.getMessage());
    }
  }
}
