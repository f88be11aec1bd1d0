package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.PROGRAM;
import static dev.keystead.tao.seal.Seals.assertRefused;
import static dev.keystead.tao.seal.Seals.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealPolicy.ThisMeasurement;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.seal.RollbackException.Trouble;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.command.Nv;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A host with a real TPM that is started anew for each test. */
abstract class MachineFixture {

  static final SealPolicy SELF = new ThisMeasurement();

  @TempDir(factory = InMemory.class)
  Path directory;

  Machine machine;

  @BeforeEach
  void start() throws Exception {
    machine = new Machine(directory);
  }

  @AfterEach
  void stop() throws Exception {
    machine.close();
  }

  SealedBlob seal(Caller caller, String label, String data) throws TaoException {
    return machine.fresh().seal(caller, SELF, label, bytes(data));
  }

  SealedBlob kept(Caller caller, String label, String data) throws TaoException {
    SealedBlob blob = seal(caller, label, data);
    machine.fresh().confirm(caller, blob);
    return blob;
  }

  void assertOld(Caller caller, SealedBlob blob) {
    assertRefused(() -> machine.fresh().unseal(caller, blob));
    assertRefused(() -> machine.fresh().confirm(caller, blob));
  }

  static void assertTrouble(Trouble trouble, ThrowingCallable use) {
    assertThatThrownBy(use)
        .isInstanceOfSatisfying(
            RollbackException.class,
            e -> {
              assertThat(e.trouble()).isEqualTo(trouble);
              assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
            });
  }

  void assertTrouble(Trouble trouble) {
    assertTrouble(trouble, () -> machine.fresh().check());
    assertTrouble(trouble, () -> seal(PROGRAM, "", "data"));
  }

  static byte[] file(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  void removeCounter() throws Exception {
    machine.tpm().execute(new Nv.Undefine(Handle.OWNER.withEmptyAuth(), index()));
  }

  Handle index() throws Exception {
    int index = NvCounter.DEFAULT_INDEX;
    return new Handle(index, machine.tpm().execute(new Nv.ReadPublic(index)).name());
  }
}
