package dev.keystead.tao.host;

import dev.keystead.tao.Measurement;
import dev.keystead.tao.seal.Credential;
import java.util.List;

/** What publishers and owner have said about programs, verified. */
public interface Credentials {
  /** All of it about the program with this measurement. */
  List<Credential> about(Measurement program);

  /** Nothing about any program. */
  static Credentials none() {
    return _ -> List.of();
  }
}
