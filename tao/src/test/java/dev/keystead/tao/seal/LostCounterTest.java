package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.PROGRAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.seal.RollbackException.Trouble;
import dev.keystead.tao.seal.VolatileDisk.Loss;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.Secret;
import dev.keystead.tpm.command.ClockSet;
import dev.keystead.tpm.command.Lifecycle;
import dev.keystead.tpm.command.Nv;
import dev.keystead.tpm.command.ReadClock;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.NvPublic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of the counter and the TPM, and what the host makes of it. */
class LostCounterTest extends MachineFixture {
  @Test
  void theCounterOfAClearedTpmIsMissed() throws Exception {
    kept(PROGRAM, "", "one");
    machine.tpm().execute(new Lifecycle.Clear(Handle.LOCKOUT.withEmptyAuth()));
    machine.restart(Loss.NOTHING);
    assertTrouble(Trouble.COUNTER_MISSING);
  }

  @Test
  void aCounterThatWasRemovedAndMadeAgainBeginsAboveAllOldTables() throws Exception {
    kept(PROGRAM, "", "one");
    long before = machine.counter().read().value();
    removeCounter();
    machine.restart(Loss.NOTHING);
    assertTrouble(Trouble.COUNTER_MISSING);
    machine.define();
    assertThat(machine.counter().read().value()).isGreaterThan(before);
    assertTrouble(Trouble.TABLE_OLD);
  }

  @Test
  void aCounterThatSomebodyElseHasMadeInItsPlaceIsNotOurs() throws Exception {
    kept(PROGRAM, "", "one");
    removeCounter();
    int attributes = NvPublic.BY_OWN_AUTH | NvPublic.COUNTER;
    NvPublic area =
        new NvPublic(NvCounter.DEFAULT_INDEX, HashAlg.SHA256, attributes, new byte[0], 8);
    machine.tpm().execute(new Nv.Define(Handle.OWNER.withEmptyAuth(), Secret.empty(), area));
    Handle index = index();
    machine.tpm().execute(new Nv.Increment(index.withEmptyAuth(), index));
    machine.restart(Loss.NOTHING);
    assertTrouble(Trouble.COUNTER_FOREIGN);
    assertTrouble(Trouble.COUNTER_FOREIGN, () -> machine.define());
  }

  @Test
  void anIndexThatIsNoCounterInItsPlaceIsNotOurs() throws Exception {
    removeCounter();
    NvPublic area =
        new NvPublic(NvCounter.DEFAULT_INDEX, HashAlg.SHA256, NvPublic.BY_OWN_AUTH, new byte[0], 8);
    machine.tpm().execute(new Nv.Define(Handle.OWNER.withEmptyAuth(), Secret.empty(), area));
    assertTrouble(Trouble.COUNTER_FOREIGN, () -> machine.define());
    machine.restart(Loss.NOTHING);
    assertTrouble(Trouble.COUNTER_FOREIGN);
  }

  @Test
  void nobodyElseIncrementsTheCounter() throws Exception {
    Handle index = index();
    assertThatThrownBy(() -> machine.tpm().execute(new Nv.Increment(index.withEmptyAuth(), index)))
        .hasMessageContaining("BAD_AUTH");
    assertThatThrownBy(
            () -> machine.tpm().execute(new Nv.Increment(Handle.OWNER.withEmptyAuth(), index)))
        .hasMessageContaining("NV_AUTHORIZATION");
    machine.fresh().check();
  }

  @Test
  void anOldTpmWithTheNewDiskIsDetected() throws Exception {
    kept(PROGRAM, "", "one");
    Machine.Snapshot old = machine.snapshot();
    kept(PROGRAM, "", "two");
    machine.restart(new Machine.Snapshot(machine.files(), old.tpm()));
    assertTrouble(Trouble.COUNTER_OLD);
  }

  @Test
  void theTpmOfAnotherHostIsNotTaken() throws Exception {
    kept(PROGRAM, "", "one");
    Path there = Files.createDirectory(directory.resolve("there"));
    try (Machine other = new Machine(there)) {
      Machine.Snapshot parts = other.snapshot();
      machine.restart(new Machine.Snapshot(machine.files(), parts.tpm()));
    }
    assertThatThrownBy(() -> machine.fresh().check()).isInstanceOf(RollbackException.class);
  }

  @Test
  void aDiskOfOneCopyOfAMachineIsSeenInACopyThatHasRunLess() throws Exception {
    kept(PROGRAM, "", "one");
    Machine.Snapshot fork = machine.snapshot();
    for (int i = 0; i < 3; i++) {
      machine.restart(Loss.NOTHING);
      machine.fresh().check();
    }
    Map<String, byte[]> ahead = machine.files();
    long value = machine.counter().read().value();
    Path there = Files.createDirectory(directory.resolve("there"));
    try (Machine copy = new Machine(there, fork)) {
      while (copy.counter().read().value() < value) {
        copy.counter().increment();
      }
      copy.restart(new Machine.Snapshot(ahead, copy.snapshot().tpm()));
      assertTrouble(Trouble.TPM_COPIED, () -> copy.fresh().check());
    }
  }

  @Test
  void aDiskOfOneCopyIsSeenInACopyThatHasStartedAsOftenAndRunShorter() throws Exception {
    kept(PROGRAM, "", "one");
    Machine.Snapshot fork = machine.snapshot();
    machine.restart(Loss.NOTHING);
    long clock = machine.tpm().execute(new ReadClock()).clock().clock();
    machine.tpm().execute(new ClockSet(Handle.OWNER.withEmptyAuth(), clock + 3_600_000));
    machine.fresh().check();
    kept(PROGRAM, "", "two");
    Map<String, byte[]> ahead = machine.files();
    long value = machine.counter().read().value();
    Path there = Files.createDirectory(directory.resolve("there"));
    try (Machine copy = new Machine(there, new Machine.Snapshot(ahead, fork.tpm()))) {
      while (copy.counter().read().value() < value) {
        copy.counter().increment();
      }
      assertTrouble(Trouble.TPM_COPIED, () -> copy.fresh().check());
    }
  }

  @Test
  void aCounterAtItsEndIsRefusedBeforeItWraps() throws Exception {
    Counter atItsEnd =
        new Counter() {
          @Override
          public Reading read() {
            return new Reading(Long.MAX_VALUE - 1, 0, 0);
          }

          @Override
          public void increment() {
            throw new AssertionError("the counter would wrap");
          }
        };
    VersionsFile file = new VersionsFile(Machine.ROOT, new VolatileDisk(() -> {}));
    VersionsLedger ledger = new VersionsLedger(file, atItsEnd);
    assertTrouble(Trouble.COUNTER_EXHAUSTED, ledger::create);
    assertThatThrownBy(() -> new Counter.Reading(0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Counter.Reading(-1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
