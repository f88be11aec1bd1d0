package dev.keystead.tao.seal;

import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.TpmObject;
import dev.keystead.tpm.Transport;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.Lifecycle;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.LibtpmsTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A host with a real TPM (libtpms) and a disk that forgets. The power can be cut before any TPM
 * command and before any operation on the disk, and comes back with what the TPM had kept and what
 * the disk had synced.
 */
final class Machine implements AutoCloseable {
  static final SealingRoot ROOT = Seals.root("a secret", "a host");
  static final Sealer SEALER = new Sealer(ROOT, Seals.CLOCK);

  /** Where disk and TPM can be put back to. */
  record Snapshot(Map<String, byte[]> files, Path tpm) {}

  private final Path directory;
  private int starts;
  private int stepsLeft = Integer.MAX_VALUE;
  private int steps;

  private Path tpmDirectory;
  private Tpm tpm;
  private VolatileDisk disk;
  private FreshSealer fresh;

  Machine(Path directory) throws Exception {
    this.directory = directory;
    this.tpmDirectory = directory.resolve("tpm" + starts);
    this.disk = new VolatileDisk(this::step);
    this.tpm = open();
    define();
    this.fresh = newSealer();
    fresh.create();
  }

  /** A machine that was put together from parts of others. */
  Machine(Path directory, Snapshot parts) throws Exception {
    this.directory = directory;
    this.tpmDirectory = copy(parts.tpm, directory.resolve("parts"));
    this.disk = new VolatileDisk(this::step, parts.files);
    this.tpm = open();
    this.fresh = newSealer();
  }

  FreshSealer fresh() {
    return fresh;
  }

  Tpm tpm() {
    return tpm;
  }

  NvCounter counter() {
    return NvCounter.at(tpm, NvCounter.DEFAULT_INDEX, ROOT);
  }

  void define() throws Exception {
    try (TpmObject storage =
        tpm.open(new CreatePrimary(Handle.OWNER.withEmptyAuth(), KeyTemplate.storageEcc()))) {
      NvCounter.define(
          tpm, NvCounter.DEFAULT_INDEX, ROOT, Handle.OWNER.withEmptyAuth(), storage.loaded());
    }
  }

  /** The power is cut before the step with this number from now on, the first being 0. */
  void cutBeforeStep(int number) {
    steps = 0;
    stepsLeft = number;
  }

  /** Steps since {@link #cutBeforeStep}. */
  int steps() {
    return steps;
  }

  private void step() {
    if (stepsLeft == 0) {
      throw new PowerCut();
    }
    stepsLeft--;
    steps++;
  }

  /** The power is back. */
  void restart(VolatileDisk.Loss loss) throws Exception {
    restart(new Snapshot(disk.afterCut(loss), tpmDirectory));
  }

  /** The power is back, and somebody has put this disk and this TPM in place. */
  void restart(Snapshot parts) throws Exception {
    stepsLeft = Integer.MAX_VALUE;
    starts++;
    Path killed = copy(parts.tpm, directory.resolve("tpm" + starts));
    tpm.close();
    tpmDirectory = killed;
    disk = new VolatileDisk(this::step, parts.files);
    tpm = open();
    fresh = newSealer();
  }

  /** The same disk with one file replaced, and the TPM as it is. */
  Snapshot withFile(String name, byte[] bytes) throws Exception {
    Map<String, byte[]> files = new HashMap<>(disk.afterCut(VolatileDisk.Loss.NOTHING));
    files.put(name, bytes);
    return new Snapshot(files, tpmDirectory);
  }

  /** This disk, and the TPM as it is. */
  Snapshot withFiles(Map<String, byte[]> files) {
    return new Snapshot(files, tpmDirectory);
  }

  Map<String, byte[]> files() {
    return disk.afterCut(VolatileDisk.Loss.NOTHING);
  }

  Snapshot snapshot() throws Exception {
    starts++;
    return new Snapshot(files(), copy(tpmDirectory, directory.resolve("snapshot" + starts)));
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private Tpm open() throws Exception {
    LibtpmsTransport transport = new LibtpmsTransport(tpmDirectory);
    Tpm opened =
        new Tpm(
            new Transport() {
              @Override
              public byte[] transmit(byte[] command) throws IOException {
                step();
                return transport.transmit(command);
              }

              @Override
              public void close() throws IOException {
                transport.close();
              }
            });
    opened.execute(new Lifecycle.Startup());
    return opened;
  }

  private FreshSealer newSealer() {
    return new FreshSealer(ROOT, SEALER, counter(), disk);
  }

  @Override
  public void close() throws IOException {
    stepsLeft = Integer.MAX_VALUE;
    tpm.close();
  }
}
