package dev.keystead.tao.launch;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.launch.MeasuredProgram.JavaParts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures programs: SHA-256 over the deterministic CBOR of all that is said in docs/launching.md.
 * The same program measured by two hosts with the same policy key has the same measurement.
 */
public final class Measurer {
  private static final int VERSION = 1;

  /** Fields of the statement that is hashed. */
  private static final int FIELD_VERSION = 1;

  private static final int FIELD_KIND = 2;
  private static final int FIELD_POLICY_KEY = 3;
  private static final int FIELD_NAME = 4;
  private static final int FIELD_PROGRAM = 5;
  private static final int FIELD_LOADER = 6;
  private static final int FIELD_LIBRARIES = 7;
  private static final int FIELD_SCRIPT = 8;
  private static final int FIELD_RUNTIME = 9;
  private static final int FIELD_JARS = 10;
  private static final int FIELD_OPTIONS = 11;
  private static final int FIELD_MAIN_CLASS = 12;
  private static final int FIELD_ARGUMENTS = 13;
  private static final int FIELD_ENVIRONMENT = 14;
  private static final int FIELD_UID = 15;
  private static final int FIELD_GID = 16;
  private static final int FIELD_GROUPS = 17;
  private static final int FIELD_CONFINEMENT = 18;

  private final PolicyKey policyKey;
  private final FileHashes hashes = new FileHashes();

  /** Measures for one policy domain. */
  public Measurer(PolicyKey policyKey) {
    this.policyKey = policyKey;
  }

  /**
   * Copies and measures a program.
   *
   * @throws TaoException NOT_STARTED when it cannot be measured whole
   */
  public MeasuredProgram measure(ProgramSpec spec) throws TaoException {
    try {
      Declared.requireMeasurable(spec);
      return switch (spec.program()) {
        case ProgramSpec.Executable(Path file) -> executable(spec, file);
        case ProgramSpec.Script(Path interpreter, Path script) -> script(spec, interpreter, script);
        case ProgramSpec.Java program -> java(spec, program);
      };
    } catch (IOException e) {
      throw new TaoException(
          Reason.NOT_STARTED, "the program cannot be measured: " + e.getMessage(), e);
    }
  }

  private MeasuredProgram executable(ProgramSpec spec, Path file) throws IOException {
    NativeCode code = NativeCode.of(file);
    CborMap statement = statement("executable", spec, code);
    return new MeasuredProgram(
        spec, measurement(statement), code, Optional.empty(), Optional.empty());
  }

  private MeasuredProgram script(ProgramSpec spec, Path interpreter, Path file) throws IOException {
    NativeCode code = NativeCode.of(interpreter);
    try {
      SealedFile script = SealedFile.copy(file, false);
      CborMap statement =
          statement("script", spec, code).put(FIELD_SCRIPT, Cbor.of(script.digest()));
      return new MeasuredProgram(
          spec, measurement(statement), code, Optional.of(script), Optional.empty());
    } catch (IOException | RuntimeException | Error e) {
      code.close();
      throw e;
    }
  }

  private MeasuredProgram java(ProgramSpec spec, ProgramSpec.Java program) throws IOException {
    JavaRuntime runtime = JavaRuntime.measure(program.home(), hashes);
    byte[] runtimeDigest = Sha256.of(runtime(runtime).encode());
    List<Jar> jars = new ArrayList<>();
    List<Cbor> jarDigests = new ArrayList<>();
    for (Path file : program.jars()) {
      Jar.requireWhole(file);
      byte[] digest = hashes.hash(file);
      jars.add(new Jar(file, digest));
      jarDigests.add(Cbor.of(digest));
    }
    NativeCode code = NativeCode.of(runtime);
    CborMap statement =
        statement("java", spec, code)
            .put(FIELD_RUNTIME, Cbor.of(runtimeDigest))
            .put(FIELD_JARS, new Cbor.Array(jarDigests))
            .put(FIELD_OPTIONS, texts(program.options()))
            .put(FIELD_MAIN_CLASS, Cbor.of(program.mainClass()));
    return new MeasuredProgram(
        spec,
        measurement(statement),
        code,
        Optional.empty(),
        Optional.of(new JavaParts(runtime, runtimeDigest, jars)));
  }

  private static Cbor runtime(JavaRuntime runtime) {
    List<Cbor> files = new ArrayList<>();
    for (JavaRuntime.Part part : runtime.files()) {
      files.add(
          Cbor.array(
              Cbor.of(part.name()), Cbor.of(part.digest()), Cbor.of(part.executable() ? 1 : 0)));
    }
    return new Cbor.Array(files);
  }

  private CborMap statement(String kind, ProgramSpec spec, NativeCode code) {
    CborMap statement =
        new CborMap()
            .put(FIELD_VERSION, Cbor.of(VERSION))
            .put(FIELD_KIND, Cbor.of(kind))
            .put(FIELD_POLICY_KEY, Cbor.of(policyKey.digest()))
            .put(FIELD_NAME, Cbor.of(Declared.name(spec.program())))
            .put(FIELD_ARGUMENTS, texts(spec.arguments()))
            .put(FIELD_ENVIRONMENT, environment(spec))
            .put(FIELD_UID, Cbor.of(spec.identity().uid()))
            .put(FIELD_GID, Cbor.of(spec.identity().gid()))
            .put(FIELD_GROUPS, groups(spec))
            .put(FIELD_CONFINEMENT, Cbor.of(spec.confinement().name().toLowerCase(Locale.ROOT)));
    code.program().ifPresent(file -> statement.put(FIELD_PROGRAM, Cbor.of(file.digest())));
    code.loader().ifPresent(file -> statement.put(FIELD_LOADER, Cbor.of(file.digest())));
    List<Cbor> libraries = new ArrayList<>();
    for (Map.Entry<String, SealedFile> library : code.libraries().entrySet()) {
      libraries.add(Cbor.array(Cbor.of(library.getKey()), Cbor.of(library.getValue().digest())));
    }
    return statement.put(FIELD_LIBRARIES, new Cbor.Array(libraries));
  }

  private static Cbor environment(ProgramSpec spec) {
    List<Cbor> variables = new ArrayList<>();
    spec.environment()
        .forEach((name, value) -> variables.add(Cbor.array(Cbor.of(name), Cbor.of(value))));
    return new Cbor.Array(variables);
  }

  private static Cbor groups(ProgramSpec spec) {
    List<Cbor> groups = new ArrayList<>();
    spec.identity().groups().stream().sorted().forEach(group -> groups.add(Cbor.of(group)));
    return new Cbor.Array(groups);
  }

  private static Cbor texts(List<String> strings) {
    List<Cbor> texts = new ArrayList<>();
    strings.forEach(string -> texts.add(Cbor.of(string)));
    return new Cbor.Array(texts);
  }

  private static Measurement measurement(CborMap statement) {
    return Measurement.of(Sha256.of(statement.encode()));
  }
}
