package dev.keystead.tao.seal;

import static dev.keystead.tao.seal.Seals.PROGRAM;
import static dev.keystead.tao.seal.Seals.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.seal.RollbackException.Trouble;
import dev.keystead.tao.seal.VolatileDisk.Loss;
import dev.keystead.tpm.Handle;
import dev.keystead.tpm.command.Lifecycle;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the owner can do for a host that lost its table or its counter, and nobody else. */
class NewStartTest extends MachineFixture {
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

  private static NewStart order(String host, long counter) throws CredentialException {
    byte[] hostId = Seals.root("a secret", host).hostId();
    byte[] signed = NewStart.sign(Seals.signer(Seals.OWNER_PAIR), Seals.OWNER, hostId, counter);
    return NewStart.verify(signed, Seals.OWNER);
  }
}
