package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.PROGRAM;
import static dev.keystead.tao.seal.Seals.assertRefused;
import static dev.keystead.tao.seal.Seals.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tao.SealPolicy.ThisMeasurement;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.TaoException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The power is cut before every operation on the disk and before every TPM command of every kind of
 * update, and after the last, with each kind of loss. Afterwards the host works, the program has a
 * blob that it can go on from, and what was refused for good stays refused.
 */
class PowerCutTest {
  private static final ThisMeasurement SELF = new ThisMeasurement();

  @TempDir(factory = InMemory.class)
  Path directory;

  /** What is on the program's disk, and what its host does when the power goes. */
  static final class Program {
    private final Machine machine;
    private final SealedBlob replaced;
    private final SealedBlob confirmed;
    private final SealedBlob sealed;
    private SealedBlob newest;

    private Program(Machine machine) throws TaoException {
      this.machine = machine;
      this.replaced = seal("replaced");
      machine.fresh().confirm(PROGRAM, replaced);
      this.confirmed = seal("confirmed");
      machine.fresh().confirm(PROGRAM, confirmed);
      this.sealed = seal("sealed");
      this.newest = sealed;
    }

    private SealedBlob seal(String data) throws TaoException {
      return machine.fresh().seal(PROGRAM, SELF, "", bytes(data));
    }

    private byte[] unseal(SealedBlob blob) throws TaoException {
      return machine.fresh().unseal(PROGRAM, blob);
    }
  }

  /** An update, and what holds afterwards if it was done, or if the power was cut in it. */
  enum Update {
    SEAL {
      @Override
      void run(Program program) throws TaoException {
        program.newest = program.seal("newest");
      }

      @Override
      void check(Program program, boolean done) throws TaoException {
        assertThat(program.unseal(program.confirmed)).isEqualTo(bytes("confirmed"));
        assertRefused(() -> program.unseal(program.sealed));
        if (done) {
          assertRefused(() -> program.unseal(program.newest));
        }
      }
    },
    CONFIRM {
      @Override
      void run(Program program) throws TaoException {
        program.machine.fresh().confirm(PROGRAM, program.sealed);
      }

      @Override
      void check(Program program, boolean done) throws TaoException {
        if (done) {
          assertRefused(() -> program.unseal(program.confirmed));
        }
        assertThat(program.unseal(program.sealed)).isEqualTo(bytes("sealed"));
        assertRefused(() -> program.unseal(program.confirmed));
      }
    },
    CHOOSE_THE_NEW {
      @Override
      void run(Program program) throws TaoException {
        assertThat(program.unseal(program.sealed)).isEqualTo(bytes("sealed"));
      }

      @Override
      void check(Program program, boolean done) throws TaoException {
        CONFIRM.check(program, done);
      }
    },
    CHOOSE_THE_OLD {
      @Override
      void run(Program program) throws TaoException {
        assertThat(program.unseal(program.confirmed)).isEqualTo(bytes("confirmed"));
      }

      @Override
      void check(Program program, boolean done) throws TaoException {
        if (done) {
          assertRefused(() -> program.unseal(program.sealed));
        }
        assertThat(program.unseal(program.confirmed)).isEqualTo(bytes("confirmed"));
        assertRefused(() -> program.unseal(program.sealed));
      }
    },
    START_AND_RECOVER {
      @Override
      void run(Program program) throws TaoException {
        program.machine.fresh().check();
      }

      @Override
      void check(Program program, boolean done) throws TaoException {
        assertThat(program.unseal(program.sealed)).isEqualTo(bytes("sealed"));
      }
    },
    END {
      @Override
      void run(Program program) throws TaoException {
        program.machine.fresh().end(PROGRAM, program.sealed);
      }

      @Override
      void check(Program program, boolean done) throws TaoException {
        boolean has = program.machine.fresh().has(PROGRAM, SELF, "");
        if (done) {
          assertThat(has).isFalse();
        }
        if (has) {
          assertThat(program.unseal(program.sealed)).isEqualTo(bytes("sealed"));
        } else {
          assertRefused(() -> program.unseal(program.sealed));
          assertRefused(() -> program.unseal(program.confirmed));
        }
      }
    };

    abstract void run(Program program) throws TaoException;

    abstract void check(Program program, boolean done) throws TaoException;
  }

  @ParameterizedTest
  @EnumSource(Update.class)
  void afterAPowerCutAtAnyStepTheHostWorksAndNothingOldComesBack(Update update) throws Exception {
    try (Machine machine = new Machine(directory)) {
      Program program = new Program(machine);
      Machine.Snapshot before = machine.snapshot();
      for (VolatileDisk.Loss loss : VolatileDisk.Loss.values()) {
        boolean done = false;
        for (int step = 0; !done; step++) {
          machine.restart(before);
          program.newest = program.sealed;
          if (update != Update.START_AND_RECOVER) {
            machine.fresh().check();
          }
          done = doneBeforeStep(step, update, program);
          machine.restart(loss);
          assertRefused(() -> program.unseal(program.replaced));
          update.check(program, done);
          goOn(program);
        }
      }
    }
  }

  private static boolean doneBeforeStep(int step, Update update, Program program)
      throws TaoException {
    program.machine.cutBeforeStep(step);
    try {
      update.run(program);
      assertThat(program.machine.steps()).isGreaterThan(10).isLessThanOrEqualTo(step);
      return true;
    } catch (PowerCut cut) {
      return false;
    }
  }

  private static void goOn(Program program) throws Exception {
    SealedBlob next = program.seal("next");
    program.machine.fresh().confirm(PROGRAM, next);
    program.machine.restart(VolatileDisk.Loss.EVERYTHING);
    assertThat(program.unseal(next)).isEqualTo(bytes("next"));
    for (SealedBlob old :
        new SealedBlob[] {program.replaced, program.confirmed, program.sealed, program.newest}) {
      assertRefused(() -> program.unseal(old));
    }
  }

  @Test
  void aPowerCutInTheRecoveryFromAPowerCutIsRecoveredToo() throws Exception {
    try (Machine machine = new Machine(directory)) {
      Program program = new Program(machine);
      machine.cutBeforeStep(9);
      try {
        program.seal("never returned");
        throw new AssertionError("the power was not cut");
      } catch (PowerCut cut) {
        assertThat(machine.steps()).isEqualTo(9);
      }
      machine.restart(VolatileDisk.Loss.EVERYTHING);
      for (int step = 0; step < 40; step++) {
        machine.cutBeforeStep(step);
        try {
          machine.fresh().check();
        } catch (PowerCut cut) {
          assertThat(machine.steps()).isEqualTo(step);
        }
        machine.restart(List.of(VolatileDisk.Loss.values()).get(step % 3));
      }
      assertThat(program.unseal(program.sealed)).isEqualTo(bytes("sealed"));
      assertRefused(() -> program.unseal(program.replaced));
    }
  }
}
