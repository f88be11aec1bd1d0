package dev.keystead.keylime.push;

import dev.keystead.keylime.WireException;
import java.util.Locale;

/** How far an attestation has come. */
public enum Stage {
  /** The agent knows what is asked of it. */
  AWAITING_EVIDENCE,
  /** The evidence is here. */
  EVALUATING_EVIDENCE,
  /** It has been judged. */
  VERIFICATION_COMPLETE;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Stage parse(String text) {
    for (Stage stage : values()) {
      if (stage.text().equals(text)) {
        return stage;
      }
    }
    throw WireException.malformed("stage", "is none of an attestation's");
  }
}
