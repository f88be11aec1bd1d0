package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.OTHER;
import static dev.keystead.tao.seal.Seals.PROGRAM;
import static dev.keystead.tao.seal.Seals.PUBLISHER;
import static dev.keystead.tao.seal.Seals.assertRefused;
import static dev.keystead.tao.seal.Seals.bytes;
import static dev.keystead.tao.seal.Seals.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealPolicy.ThisMeasurement;
import dev.keystead.tao.SealPolicy.UpgradeSet;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts to put old state back, each by its name, against a real TPM. */
class RollbackTest {
  private static final SealPolicy SELF = new ThisMeasurement();

  @TempDir(factory = InMemory.class)
  Path directory;

  private Machine machine;

  @BeforeEach
  void start() throws Exception {
    machine = new Machine(directory);
  }

  @AfterEach
  void stop() throws Exception {
    machine.close();
  }

  private SealedBlob seal(Caller caller, String label, String data) throws TaoException {
    return machine.fresh().seal(caller, SELF, label, bytes(data));
  }

  private SealedBlob kept(Caller caller, String label, String data) throws TaoException {
    SealedBlob blob = seal(caller, label, data);
    machine.fresh().confirm(caller, blob);
    return blob;
  }

  private void assertOld(Caller caller, SealedBlob blob) {
    assertRefused(() -> machine.fresh().unseal(caller, blob));
    assertRefused(() -> machine.fresh().confirm(caller, blob));
  }

  private static void assertTrouble(Trouble trouble, ThrowingCallable use) {
    assertThatThrownBy(use)
        .isInstanceOfSatisfying(
            RollbackException.class,
            e -> {
              assertThat(e.trouble()).isEqualTo(trouble);
              assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
            });
  }

  private void assertTrouble(Trouble trouble) {
    assertTrouble(trouble, () -> machine.fresh().check());
    assertTrouble(trouble, () -> seal(PROGRAM, "", "data"));
  }

  @Test
  void oneBlobBackIsRefused() throws Exception {
    SealedBlob one = kept(PROGRAM, "", "one");
    SealedBlob two = kept(PROGRAM, "", "two");
    assertOld(PROGRAM, one);
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
    machine.restart(Loss.NOTHING);
    assertOld(PROGRAM, one);
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
  }

  @Test
  void allBlobsBackWithTheTableTheyCameWithIsDetected() throws Exception {
    kept(PROGRAM, "", "one");
    Map<String, byte[]> disk = machine.files();
    kept(PROGRAM, "", "two");
    machine.restart(machine.withFiles(disk));
    assertTrouble(Trouble.TABLE_OLD);
  }

  @Test
  void noTableThatEverWasOnDiskIsTakenAgain() throws Exception {
    List<byte[]> tables = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      kept(PROGRAM, "label " + i % 2, "data " + i);
      tables.add(file(machine.files(), VersionsFile.TABLE));
      machine.restart(Loss.NOTHING);
      machine.fresh().check();
      tables.add(file(machine.files(), VersionsFile.TABLE));
    }
    tables.removeLast();
    for (byte[] table : tables) {
      for (String name : new String[] {VersionsFile.TABLE, VersionsFile.NEXT}) {
        Map<String, byte[]> disk = new HashMap<>();
        disk.put(name, table);
        machine.restart(machine.withFiles(disk));
        assertThatThrownBy(() -> machine.fresh().check()).isInstanceOf(RollbackException.class);
      }
    }
  }

  @Test
  void aTableThatNeverCameIntoForceIsNoWayBack() throws Exception {
    SealedBlob one = kept(PROGRAM, "", "one");
    machine.cutBeforeStep(3);
    assertThatThrownBy(() -> seal(OTHER, "", "never sealed")).isInstanceOf(PowerCut.class);
    machine.restart(Loss.NOTHING);
    byte[] never = file(machine.files(), VersionsFile.NEXT);
    SealedBlob two = kept(PROGRAM, "", "two");
    machine.restart(machine.withFile(VersionsFile.NEXT, never));
    assertOld(PROGRAM, one);
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
    machine.restart(machine.withFile(VersionsFile.TABLE, never));
    assertTrouble(Trouble.TABLE_OLD);
  }

  @Test
  void aTableThatNeverCameIntoForceIsNoWayBackWithoutARestartEither() throws Exception {
    SealedBlob one = kept(PROGRAM, "", "one");
    machine.cutBeforeStep(3);
    assertThatThrownBy(() -> seal(OTHER, "", "never sealed")).isInstanceOf(PowerCut.class);
    machine.cutBeforeStep(Integer.MAX_VALUE);
    byte[] never = file(machine.files(), VersionsFile.NEXT);
    SealedBlob two = kept(PROGRAM, "", "two");
    machine.restart(machine.withFile(VersionsFile.NEXT, never));
    assertOld(PROGRAM, one);
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
  }

  @Test
  void aProgramThatWentOnFromAnOldBlobCannotGoOnFromTheNewOneToo() throws Exception {
    SealedBlob one = kept(PROGRAM, "", "one");
    SealedBlob two = seal(PROGRAM, "", "two");
    assertThat(machine.fresh().unseal(PROGRAM, one)).isEqualTo(bytes("one"));
    assertOld(PROGRAM, two);
    SealedBlob three = kept(PROGRAM, "", "three");
    assertOld(PROGRAM, one);
    assertOld(PROGRAM, two);
    assertThat(machine.fresh().unseal(PROGRAM, three)).isEqualTo(bytes("three"));
  }

  @Test
  void aProgramThatNeverConfirmsLosesNothing() throws Exception {
    List<SealedBlob> blobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      blobs.add(seal(PROGRAM, "", "data " + i));
    }
    machine.restart(Loss.EVERYTHING);
    assertThat(machine.fresh().unseal(PROGRAM, blobs.get(2))).isEqualTo(bytes("data 2"));
    for (int i : new int[] {0, 1, 3}) {
      assertOld(PROGRAM, blobs.get(i));
    }
  }

  @Test
  void theLinesOfProgramsAndLabelsDoNotTouchEachOther() throws Exception {
    SealedBlob one = kept(PROGRAM, "one", "one");
    SealedBlob two = kept(PROGRAM, "two", "two");
    SealedBlob theirs = kept(OTHER, "one", "theirs");
    for (int i = 0; i < 3; i++) {
      kept(PROGRAM, "three", "data " + i);
    }
    machine.restart(Loss.NOTHING);
    assertThat(machine.fresh().unseal(PROGRAM, one)).isEqualTo(bytes("one"));
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
    assertThat(machine.fresh().unseal(OTHER, theirs)).isEqualTo(bytes("theirs"));
    assertRefused(() -> machine.fresh().unseal(PROGRAM, theirs));
    assertRefused(() -> machine.fresh().confirm(PROGRAM, theirs));
    assertRefused(() -> machine.fresh().end(PROGRAM, theirs));
    assertThat(machine.fresh().has(PROGRAM, SELF, "one")).isTrue();
    assertThat(machine.fresh().has(OTHER, SELF, "two")).isFalse();
  }

  @Test
  void aLineThatWasEndedAndBegunAgainTakesNoneOfItsOldBlobs() throws Exception {
    SealedBlob one = kept(PROGRAM, "", "one");
    machine.fresh().end(PROGRAM, one);
    assertOld(PROGRAM, one);
    SealedBlob again = kept(PROGRAM, "", "again");
    assertOld(PROGRAM, one);
    assertThat(machine.fresh().unseal(PROGRAM, again)).isEqualTo(bytes("again"));
  }

  @Test
  void aPlainBlobIsNotFreshAndAFreshOneIsNotPlain() throws Exception {
    SealedBlob fresh = kept(PROGRAM, "", "fresh");
    SealedBlob plain = Machine.SEALER.seal(PROGRAM, SELF, bytes("plain"));
    assertRefused(() -> Machine.SEALER.unseal(PROGRAM, fresh));
    assertRefused(() -> machine.fresh().unseal(PROGRAM, plain));
    assertRefused(() -> machine.fresh().confirm(PROGRAM, plain));
  }

  @Test
  void aLaterVersionGoesOnWithTheLineOfAnEarlierOneWhichIsThenShutOut() throws Exception {
    Caller seven = release("db 7", "db", 7);
    Caller eight = release("db 8", "db", 8);
    SealedBlob old =
        machine.fresh().seal(seven, new UpgradeSet(PUBLISHER, "db", 7), "", bytes("seven's"));
    assertThat(machine.fresh().unseal(eight, old)).isEqualTo(bytes("seven's"));
    SealedBlob now =
        machine.fresh().seal(eight, new UpgradeSet(PUBLISHER, "db", 8), "", bytes("eight's"));
    machine.fresh().confirm(eight, now);
    assertOld(seven, old);
    assertOld(eight, old);
    assertOld(seven, now);
    assertThat(machine.fresh().unseal(eight, now)).isEqualTo(bytes("eight's"));
  }

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
  void aTableThatWasDeletedIsMissed() throws Exception {
    kept(PROGRAM, "", "one");
    machine.restart(machine.withFiles(Map.of()));
    assertTrouble(Trouble.TABLE_MISSING);
  }

  private static NewStart order(String host, long counter) throws CredentialException {
    byte[] hostId = Seals.root("a secret", host).hostId();
    byte[] signed = NewStart.sign(Seals.signer(Seals.OWNER_PAIR), Seals.OWNER, hostId, counter);
    return NewStart.verify(signed, Seals.OWNER);
  }

  @Test
  void theOwnerLetsAHostThatLostItsTableStartAnewWhichBringsNothingOldBack() throws Exception {
    SealedBlob old = kept(PROGRAM, "", "old");
    Map<String, byte[]> disk = machine.files();
    machine.restart(machine.withFiles(Map.of()));
    assertTrouble(Trouble.TABLE_MISSING);
    long counter = machine.counter().read().value();
    machine.fresh().startAnew(order("a host", counter));
    assertOld(PROGRAM, old);
    SealedBlob next = kept(PROGRAM, "", "new");
    machine.restart(Loss.NOTHING);
    assertThat(machine.fresh().unseal(PROGRAM, next)).isEqualTo(bytes("new"));
    assertOld(PROGRAM, old);
    machine.restart(machine.withFiles(disk));
    assertTrouble(Trouble.TABLE_OLD);
  }

  @Test
  void aTableThatTurnsUpAgainAfterTheNewStartIsOld() throws Exception {
    kept(PROGRAM, "", "old");
    byte[] table = file(machine.files(), VersionsFile.TABLE);
    machine.fresh().startAnew(order("a host", machine.counter().read().value()));
    machine.restart(machine.withFile(VersionsFile.TABLE, table));
    assertTrouble(Trouble.TABLE_OLD);
  }

  @Test
  void theOwnerLetsAHostWithAClearedTpmStartAnew() throws Exception {
    SealedBlob old = kept(PROGRAM, "", "old");
    machine.tpm().execute(new Lifecycle.Clear(Handle.LOCKOUT.withEmptyAuth()));
    machine.restart(Loss.NOTHING);
    assertTrouble(Trouble.COUNTER_MISSING);
    machine.define();
    machine.fresh().startAnew(order("a host", machine.counter().read().value()));
    assertOld(PROGRAM, old);
    SealedBlob next = kept(PROGRAM, "", "new");
    machine.restart(Loss.NOTHING);
    assertThat(machine.fresh().unseal(PROGRAM, next)).isEqualTo(bytes("new"));
  }

  @Test
  void anOrderToStartAnewIsForOneHostAndOneTime() throws Exception {
    SealedBlob blob = kept(PROGRAM, "", "data");
    long counter = machine.counter().read().value();
    NewStart order = order("a host", counter);
    for (NewStart wrong :
        List.of(
            order("another host", counter),
            order("a host", counter + 1),
            order("a host", counter - 1))) {
      assertTrouble(Trouble.ORDER_REFUSED, () -> machine.fresh().startAnew(wrong));
    }
    assertThat(machine.fresh().unseal(PROGRAM, blob)).isEqualTo(bytes("data"));
    machine.fresh().startAnew(order);
    SealedBlob next = kept(PROGRAM, "", "new");
    assertTrouble(Trouble.ORDER_REFUSED, () -> machine.fresh().startAnew(order));
    assertThat(machine.fresh().unseal(PROGRAM, next)).isEqualTo(bytes("new"));
  }

  @Test
  void aHostIsSetUpOnce() {
    assertTrouble(Trouble.ORDER_REFUSED, () -> machine.fresh().create());
  }

  @Test
  void aTableWithAnyByteChangedOrCutOffIsRefused() throws Exception {
    kept(PROGRAM, "", "one");
    byte[] table = file(machine.files(), VersionsFile.TABLE);
    VersionsFile file =
        new VersionsFile(Machine.ROOT, new VolatileDisk(() -> {}, Map.of("whole", table)));
    assertThat(file.read("whole")).isPresent();
    Random random = new Random(4);
    for (int at = 0; at < table.length; at++) {
      byte[] changed = table.clone();
      changed[at] ^= (byte) (1 + random.nextInt(255));
      byte[] cut = Arrays.copyOf(table, at);
      Map<String, byte[]> files = Map.of("changed", changed, "cut", cut);
      file = new VersionsFile(Machine.ROOT, new VolatileDisk(() -> {}, files));
      assertThat(file.read("changed")).isEmpty();
      assertThat(file.read("cut")).isEmpty();
    }
    machine.restart(machine.withFile(VersionsFile.TABLE, new byte[100]));
    assertTrouble(Trouble.TABLE_INVALID);
  }

  @Test
  void aSealedBlobIsNoTable() throws Exception {
    Versions forged = new Versions(machine.counter().read(), List.of());
    SealedBlob blob = Machine.SEALER.seal(PROGRAM, SELF, forged.toBytes());
    machine.restart(machine.withFile(VersionsFile.TABLE, blob.bytes()));
    assertTrouble(Trouble.TABLE_INVALID);
  }

  @Test
  void aTableOfAnotherHostIsNoTableHere() throws Exception {
    Versions theirs = new Versions(machine.counter().read(), List.of());
    VolatileDisk disk = new VolatileDisk(() -> {});
    new VersionsFile(Seals.root("a secret", "another host"), disk).prepare(theirs);
    byte[] table = file(disk.afterCut(Loss.NOTHING), VersionsFile.NEXT);
    machine.restart(machine.withFile(VersionsFile.TABLE, table));
    assertTrouble(Trouble.TABLE_INVALID);
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

  @Test
  void noProgramFillsTheTableForTheOthers() throws Exception {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < Versions.MAX_LINES_OF_SCOPE; i++) {
      lines.add(new Line(new byte[32], new byte[32], new byte[16], 0, 0, i));
    }
    Versions versions = new Versions(new Counter.Reading(1, 0, 0), lines);
    assertThat(versions.hasRoomFor(new byte[32])).isFalse();
    assertThat(versions.hasRoomFor(Seals.measurement("another").bytes())).isTrue();
    assertThatThrownBy(() -> seal(PROGRAM, "x".repeat(65), "data"))
        .isInstanceOfSatisfying(
            TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
  }

  private static byte[] file(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  private void removeCounter() throws Exception {
    machine.tpm().execute(new Nv.Undefine(Handle.OWNER.withEmptyAuth(), index()));
  }

  private Handle index() throws Exception {
    int index = NvCounter.DEFAULT_INDEX;
    return new Handle(index, machine.tpm().execute(new Nv.ReadPublic(index)).name());
  }
}
