package dev.keystead.tao.launch;

import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.kernel.Kernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program with its measurement, ready to run: what runs is what was measured, whatever happens to
 * the files. It holds memory until it is closed.
 */
public final class MeasuredProgram implements AutoCloseable {
  /** A Java program's parts, hashed where they lie. */
  record JavaParts(JavaRuntime runtime, byte[] runtimeDigest, List<Jar> jars) {}

  private final ProgramSpec spec;
  private final Measurement measurement;
  private final NativeCode code;
  private final Optional<SealedFile> script;
  private final Optional<JavaParts> java;

  MeasuredProgram(
      ProgramSpec spec,
      Measurement measurement,
      NativeCode code,
      Optional<SealedFile> script,
      Optional<JavaParts> java) {
    this.spec = spec;
    this.measurement = measurement;
    this.code = code;
    this.script = script;
    this.java = java;
  }

  /** What it was measured by. */
  public ProgramSpec spec() {
    return spec;
  }

  /** Its measurement. */
  public Measurement measurement() {
    return measurement;
  }

  /** How many bytes of it are held in memory. */
  public long size() {
    long size = script.map(SealedFile::size).orElse(0L) + code.executed().size();
    for (SealedFile file : code.opened()) {
      size += file.size();
    }
    return size;
  }

  /** Gives the copies to this process's user, whoever they were made as. */
  public void takeOver() throws IOException {
    List<SealedFile> copies = new ArrayList<>(code.opened());
    copies.add(code.executed());
    script.ifPresent(copies::add);
    for (SealedFile copy : copies) {
      Kernel.chown(copy.fd(), Kernel.uid(), Kernel.gid());
    }
  }

  NativeCode code() {
    return code;
  }

  Optional<SealedFile> script() {
    return script;
  }

  Optional<JavaParts> java() {
    return java;
  }

  @Override
  public void close() {
    code.close();
    script.ifPresent(SealedFile::close);
  }
}
