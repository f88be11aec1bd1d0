package dev.keystead.tao.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.tao.Domain;
import dev.keystead.tao.Handle;
import dev.keystead.tao.Measurement;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.VerifiedAttestation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any hosted program may be a host, of programs that may be hosts. */
class NestedHostTest {
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  private final Map<String, Tao> running = new HashMap<>();
  private Domain domain;
  private Stack stack;
  private NestedHost host;

  @BeforeEach
  void start() throws Exception {
    domain = new Domain();
    stack = Stack.on(directory.resolve("tpm"), domain, 1);
    host = new NestedHost(stack.top(), new Scripts(false));
  }

  @AfterEach
  void stop() throws Exception {
    stack.close();
  }

  /** Programs in this process: what a file says is what runs. */
  private final class Scripts implements Launcher {
    private final boolean programsMayStartOthers;

    Scripts(boolean programsMayStartOthers) {
      this.programsMayStartOthers = programsMayStartOthers;
    }

    @Override
    public Image prepare(TaoName caller, ProgramSpec spec) throws TaoException {
      if (!programsMayStartOthers && !caller.equals(host.name())) {
        throw new TaoException(Reason.NOT_PERMITTED, caller + " may not start programs");
      }
      try {
        byte[] image = Files.readAllBytes(((ProgramSpec.Executable) spec.program()).file());
        return new Script(new String(image, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new TaoException(Reason.NOT_STARTED, "no such program", e);
      }
    }
  }

  private final class Script implements Launcher.Image {
    private final String text;

    Script(String text) {
      this.text = text;
    }

    @Override
    public Measurement measurement() {
      return Measurement.of(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public AutoCloseable start(Tao tao) throws TaoException {
      if (text.isEmpty()) {
        throw new TaoException(Reason.NOT_STARTED, "an empty program");
      }
      running.put(text, tao);
      return () -> running.remove(text);
    }
  }

  private ProgramSpec program(String text) throws IOException {
    Path file = directory.resolve("program");
    Files.writeString(file, text);
    return new ProgramSpec(
        new ProgramSpec.Executable(file),
        List.of(),
        new TreeMap<>(),
        new ProgramSpec.Identity(1000, 1000, List.of()),
        ProgramSpec.Confinement.BASE);
  }

  private Tao running(String text) {
    return Objects.requireNonNull(running.get(text), text);
  }

  @Test
  void aProgramOnAHostInAProgramHasANameOfEverySegment() throws Exception {
    host.start(program("a host itself"));
    Tao parent = running("a host itself");
    HostSettings settings = domain.settings(parent.getHostedMeasurement().segment(TaoName.PROGRAM));
    SealedBlob state = SoftwareHost.create(settings, parent, new SealPolicy.ThisMeasurement());
    SoftwareHost core = SoftwareHost.open(settings, parent, state);
    host = new NestedHost(core, new Scripts(false));
    host.start(program("the program"));
    VerifiedAttestation said =
        domain.verifier().verify(running("the program").attest(DATA), domain.instant());
    assertThat(said.name())
        .isEqualTo(
            TaoName.of(
                stack.top().name().segments().getFirst(),
                stack.top().name().last(),
                parent.getHostedMeasurement().segment(TaoName.PROGRAM),
                running("the program").getHostedMeasurement().segment(TaoName.PROGRAM)));
    host.close();
  }

  @Test
  void whatRunsIsWhatWasMeasured() throws Exception {
    ProgramSpec spec = program("measured");
    host.start(spec);
    program("swapped afterwards");
    assertThat(running("measured").getHostedMeasurement())
        .isEqualTo(Measurement.of(Sha256.of("measured".getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void aHandleEndsTheProgramOnceAndOnlyForWhoStartedIt() throws Exception {
    host = new NestedHost(stack.top(), new Scripts(true));
    Handle first = host.start(program("first"));
    Tao tao = running("first");
    Handle second = tao.startHostedProgram(program("second"));
    assertThat(second).isNotEqualTo(first);
    SoftwareHostTest.assertRefused(Reason.UNKNOWN_HANDLE, () -> host.stop(second));
    SoftwareHostTest.assertRefused(
        Reason.UNKNOWN_HANDLE, () -> host.stop(Handle.fresh(new SecureRandom())));
    host.stop(first);
    assertThat(running).containsOnlyKeys("second");
    SoftwareHostTest.assertRefused(Reason.NOT_PERMITTED, () -> tao.attest(DATA));
    SoftwareHostTest.assertRefused(Reason.UNKNOWN_HANDLE, () -> host.stop(first));
    host.close();
    assertThat(running).isEmpty();
  }

  @Test
  void aProgramStartsOthersOnlyIfTheLauncherLetsIt() throws Exception {
    host.start(program("one"));
    ProgramSpec other = program("other");
    SoftwareHostTest.assertRefused(
        Reason.NOT_PERMITTED, () -> running("one").startHostedProgram(other));
    assertThat(running).containsOnlyKeys("one");
  }

  @Test
  void aProgramThatDoesNotStartHasNoHost() throws Exception {
    SoftwareHostTest.assertRefused(Reason.NOT_STARTED, () -> host.start(program("")));
    assertThat(running).isEmpty();
  }

  @Test
  void whereNamesHaveNoMoreRoomThereIsNoHost() throws Exception {
    try (Stack highest = Stack.on(directory.resolve("high"), domain, 6)) {
      Tao program = highest.top().hosted(Stack.program("last"), ProgramStarter.refusing());
      assertThat(domain.verifier().verify(program.attest(DATA), domain.instant()).name().segments())
          .hasSize(TaoName.MAX_SEGMENTS);
      HostSettings settings =
          domain.settings(program.getHostedMeasurement().segment(TaoName.PROGRAM));
      SealedBlob state = SoftwareHost.create(settings, program, new SealPolicy.ThisMeasurement());
      SoftwareHostTest.assertRefused(
          Reason.UNSUPPORTED, () -> SoftwareHost.open(settings, program, state));
    }
  }
}
