package dev.keystead.cli;

import dev.keystead.tpm.structure.HashAlg;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** PCR banks as a person lists them: {@code sha1,sha256}. */
public final class Banks implements ITypeConverter<Banks> {
  private final List<HashAlg> algorithms;

  /** For picocli. */
  public Banks() {
    this(List.of());
  }

  private Banks(List<HashAlg> algorithms) {
    this.algorithms = List.copyOf(algorithms);
  }

  /** In the order given, each once. */
  public List<HashAlg> algorithms() {
    return algorithms;
  }

  @Override
  public Banks convert(String text) {
    List<HashAlg> found = new ArrayList<>();
    for (String label : text.split(",", -1)) {
      HashAlg alg =
          HashAlg.named(label)
              .filter(a -> a != HashAlg.SM3_256 && !found.contains(a))
              .orElseThrow(() ->
                  new TypeConversionException(
                      "'%s' is not a list of banks such as sha1,sha256".formatted(text)));
      found.add(alg);
    }
    return new Banks(found);
  }
}
