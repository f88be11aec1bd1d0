package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.OTHER;
import static dev.keystead.tao.seal.Seals.PROGRAM;
import static dev.keystead.tao.seal.Seals.PUBLISHER;
import static dev.keystead.tao.seal.Seals.assertRefused;
import static dev.keystead.tao.seal.Seals.bytes;
import static dev.keystead.tao.seal.Seals.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.tao.SealPolicy.UpgradeSet;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.seal.RollbackException.Trouble;
import dev.keystead.tao.seal.VolatileDisk.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Attempts to put old blobs and tables back, each by its name, against a real TPM. */
class RollbackTest extends MachineFixture {
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
    SealedBlob two = seal(PROGRAM, "", "two");
    byte[] never = tableThatNeverCameIntoForce();
    machine.restart(Loss.NOTHING);
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
    machine.restart(machine.withFile(VersionsFile.NEXT, never));
    assertOld(PROGRAM, one);
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
    machine.restart(machine.withFile(VersionsFile.TABLE, never));
    assertTrouble(Trouble.TABLE_OLD);
  }

  @Test
  void aTableThatNeverCameIntoForceIsNoWayBackWithoutARestartEither() throws Exception {
    SealedBlob one = kept(PROGRAM, "", "one");
    SealedBlob two = seal(PROGRAM, "", "two");
    byte[] never = tableThatNeverCameIntoForce();
    assertThat(machine.fresh().unseal(PROGRAM, two)).isEqualTo(bytes("two"));
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
  void aTableThatWasDeletedIsMissed() throws Exception {
    kept(PROGRAM, "", "one");
    machine.restart(machine.withFiles(Map.of()));
    assertTrouble(Trouble.TABLE_MISSING);
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

  /** An update that ends before the counter moves, with both of a program's blobs still good. */
  private byte[] tableThatNeverCameIntoForce() {
    machine.cutBeforeStep(3);
    assertThatThrownBy(() -> seal(OTHER, "", "never sealed")).isInstanceOf(PowerCut.class);
    machine.cutBeforeStep(Integer.MAX_VALUE);
    return file(machine.files(), VersionsFile.NEXT);
  }
}
