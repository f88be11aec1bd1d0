package dev.keystead.tao.host;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Machine;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tpm.TpmException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine with hosts on each other: the TPM's, the operating system, and programs that are hosts
 * themselves. Starting it again opens every state that is on disk.
 */
final class Stack implements AutoCloseable {
  private final Machine machine;
  private final Domain domain;
  private final List<SealedBlob> disk;
  private final SoftwareHost top;

  private Stack(Machine machine, Domain domain, int layers, List<SealedBlob> disk)
      throws Exception {
    this.machine = machine;
    this.domain = domain;
    this.disk = disk;
    Tao below = machine.boot("linux").host(domain);
    SoftwareHost host = start(below, TaoName.LINUX, 0);
    for (int layer = 1; layer < layers; layer++) {
      below = host.hosted(program("host " + layer), ProgramStarter.refusing());
      host = start(below, TaoName.PROGRAM, layer);
    }
    this.top = host;
  }

  /** A new machine with this many hosts on the TPM's. */
  static Stack on(Path directory, Domain domain, int layers) throws Exception {
    return new Stack(new Machine(directory), domain, layers, new ArrayList<>());
  }

  /** A program's segment, by what its image would be. */
  static Segment program(String image) {
    return Segment.of(TaoName.PROGRAM, Sha256.of(image.getBytes(StandardCharsets.UTF_8)));
  }

  private SoftwareHost start(Tao below, String kind, int layer) throws Exception {
    HostSettings settings = domain.settings(below.getHostedMeasurement().segment(kind));
    if (disk.size() == layer) {
      disk.add(SoftwareHost.create(settings, below, new SealPolicy.ThisMeasurement()));
    }
    return SoftwareHost.open(settings, below, disk.get(layer));
  }

  /** The host on top. */
  SoftwareHost top() {
    return top;
  }

  /** The machine below. */
  Machine machine() {
    return machine;
  }

  /** Switches the machine off and on, and starts every host from its state on disk. */
  Stack restarted() throws Exception {
    return new Stack(machine.reset(), domain, disk.size(), disk);
  }

  /** Starts every host under another owner's key, from the same disk. */
  Stack under(Domain other) throws Exception {
    return new Stack(machine, other, disk.size(), disk);
  }

  @Override
  public void close() throws TpmException {
    machine.close();
  }
}
