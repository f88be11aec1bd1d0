package dev.keystead.node.ima;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.evidence.ima.ImaEntry;
import dev.keystead.evidence.ima.ImaReader;
import dev.keystead.evidence.ima.ImaReplay;
import dev.keystead.evidence.ima.ImaState;
import dev.keystead.node.AgentException;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.command.Capability;
import dev.keystead.tpm.command.Pcr;
import dev.keystead.tpm.property.PcrValues;
import dev.keystead.tpm.structure.Digest;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PCR 10 of a real TPM, against the replay of the evidence room. */
class ImaEmulatorTest {
  @TempDir Path directory;

  @Test
  void pcr10IsTheReplayOfTheListInEveryBank() throws Exception {
    String list =
        Measurements.lines(0, 5) + Measurements.violation("/etc/x") + Measurements.lines(6, 3);
    Path file = write(list);
    try (Tpm tpm = open()) {
      assertThat(ImaEmulator.attach(tpm, new MeasurementFile(file)).follow()).isEqualTo(9);
      requirePcr10(tpm, list);
    }
  }

  @Test
  void whatIsAddedIsExtendedOnce() throws Exception {
    Path file = write(Measurements.lines(0, 5));
    try (Tpm tpm = open()) {
      ImaEmulator emulator = ImaEmulator.attach(tpm, new MeasurementFile(file));
      assertThat(emulator.follow()).isEqualTo(5);
      assertThat(emulator.follow()).isEqualTo(5);
      Files.writeString(file, Measurements.lines(5, 2), StandardOpenOption.APPEND);
      assertThat(emulator.follow()).isEqualTo(7);
      requirePcr10(tpm, Measurements.lines(0, 7));
    }
  }

  @Test
  void aRestartedEmulatorGoesOnWherePcr10Is() throws Exception {
    Path file = write(Measurements.lines(0, 5));
    try (Tpm tpm = open()) {
      ImaEmulator.attach(tpm, new MeasurementFile(file)).follow();
      Files.writeString(file, Measurements.lines(5, 2), StandardOpenOption.APPEND);
      assertThat(ImaEmulator.attach(tpm, new MeasurementFile(file)).follow()).isEqualTo(7);
      requirePcr10(tpm, Measurements.lines(0, 7));
    }
  }

  @Test
  void aTpmThatWasResetIsExtendedFromTheStart() throws Exception {
    Path file = write(Measurements.lines(0, 5));
    try (Tpm tpm = open()) {
      ImaEmulator.attach(tpm, new MeasurementFile(file)).follow();
    }
    try (Tpm tpm = open()) {
      assertThat(ImaEmulator.attach(tpm, new MeasurementFile(file)).follow()).isEqualTo(5);
      requirePcr10(tpm, Measurements.lines(0, 5));
    }
  }

  @Test
  void aPcr10ThatTheListDoesNotExplainIsRefused() throws Exception {
    Path file = write(Measurements.lines(0, 5));
    try (Tpm tpm = open()) {
      Digest foreign = Digest.hash(HashAlg.SHA256, new byte[] {1});
      tpm.execute(new Pcr.Extend(Handle.pcr(10).withEmptyAuth(), List.of(foreign)));
      assertThatThrownBy(() -> ImaEmulator.attach(tpm, new MeasurementFile(file)))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("does not explain");
    }
  }

  @Test
  void aListThatIsReplacedByAnotherIsRefused() throws Exception {
    Path file = write(Measurements.lines(0, 5));
    try (Tpm tpm = open()) {
      ImaEmulator emulator = ImaEmulator.attach(tpm, new MeasurementFile(file));
      emulator.follow();
      write(Measurements.lines(50, 2));
      assertThatThrownBy(emulator::follow).isInstanceOf(AgentException.class);
    }
  }

  private static void requirePcr10(Tpm tpm, String list) throws Exception {
    PcrSelection banks = tpm.execute(new Capability.Pcrs());
    Map<HashAlg, Digest> values = new EnumMap<>(HashAlg.class);
    for (PcrSelection.Bank bank : banks.banks()) {
      if (bank.contains(10)) {
        PcrSelection pcr10 = PcrSelection.of(bank.alg(), 10);
        values.put(bank.alg(), PcrValues.read(tpm, pcr10).bank(bank.alg()).firstEntry().getValue());
      }
    }
    ImaReplay replay = new ImaReplay(ImaState.start(values.keySet()));
    ImaReader reader = ImaReader.of(list.getBytes(StandardCharsets.UTF_8), 0, HashAlg.SHA1);
    for (Optional<ImaEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      replay.extend(entry.get());
    }
    assertThat(values).hasSizeGreaterThan(1);
    assertThat(replay.state().pcr10()).isEqualTo(values);
  }

  private Tpm open() throws Exception {
    return new TpmAddress.Embedded(directory.resolve("tpm")).open();
  }

  private Path write(String text) throws Exception {
    return Files.writeString(directory.resolve("list"), text);
  }
}
