package dev.keystead.keylime.push;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import java.util.List;

/** Short lists of names, which may name what only others know. */
final class Names {
  private Names() {}

  static List<String> read(Fields fields, String list) {
    return fields.list(list, 32).stream().map(Names::name).toList();
  }

  static String name(Field field) {
    String name = field.text(64);
    if (!name.matches("[a-z0-9_./+-]+")) {
      throw field.fault("expected a name");
    }
    return name;
  }
}
