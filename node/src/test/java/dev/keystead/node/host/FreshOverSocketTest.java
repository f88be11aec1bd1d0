package dev.keystead.node.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keystead.claims.Segment;
import dev.keystead.claims.Sha256;
import dev.keystead.claims.TaoName;
import dev.keystead.node.host.setup.CounterStorage;
import dev.keystead.node.host.setup.HostFolder;
import dev.keystead.node.host.setup.HostGrant;
import dev.keystead.node.host.setup.HostPlatform;
import dev.keystead.node.host.setup.HostSetup;
import dev.keystead.node.host.setup.OwnerKey;
import dev.keystead.program.HostedTao;
import dev.keystead.program.TaoAddress;
import dev.keystead.tao.SealPolicy;
import dev.keystead.tao.SealPolicy.ThisMeasurement;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.Tao;
import dev.keystead.tao.TaoException;
import dev.keystead.tao.TaoException.Reason;
import dev.keystead.tao.attestation.Owner;
import dev.keystead.tao.attestation.Validity;
import dev.keystead.tao.host.ProgramStarter;
import dev.keystead.tao.host.SoftwareHost;
import dev.keystead.tpm.Tpm;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealing against rollback over the local API, on a host that was set up with a TPM. */
class FreshOverSocketTest {
  private static final SealPolicy SELF = new ThisMeasurement();
  private static final Segment PROGRAM = Segment.of(TaoName.PROGRAM, Sha256.of(new byte[] {7}));

  @TempDir private Path directory;

  /** What a program asks for over its socket. */
  private interface Use {
    void with(Tao tao) throws TaoException;
  }

  private HostSetup setup() {
    HostSetup setup =
        new HostSetup(new HostFolder(directory.resolve("host")), InstantSource.system());
    Owner owner = OwnerKey.open(directory.resolve("owner"));
    HostPlatform platform =
        new HostPlatform(new TpmAddress.Embedded(directory.resolve("tpm")), HostPlatform.BOOT_PCRS);
    Validity day = Validity.from(InstantSource.system().instant(), Duration.ofDays(1));
    setup.complete(HostGrant.of(setup.request(platform, owner.policyKey()), owner, day));
    return setup;
  }

  /** One run of the host, in which one program uses its fresh storage. */
  private void run(HostSetup setup, Use use) throws Exception {
    Path sockets = Files.createDirectories(directory.resolve("run"));
    int uid = (int) Files.getAttribute(directory, "unix:uid");
    try (Tpm tpm = setup.tpm()) {
      try (CounterStorage storage = setup.storage(tpm);
          HostServer server =
              HostServer.start(
                  directory.resolve("socket"),
                  new PublicCallers(_ -> Optional.empty()),
                  List.of(new TaoService()),
                  HostLimits.DEFAULT);
          Door door = server.door(sockets, uid);
          HostedTao tao = HostedTao.at(TaoAddress.ofDescriptor(door.descriptor()))) {
        SoftwareHost host = setup.open(tpm, storage);
        door.serve(host.hosted(PROGRAM, ProgramStarter.refusing()));
        use.with(tao);
      }
    }
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_UNSEALED));
  }

  @Test
  void anOldBlobIsRefusedOverTheSocketAlsoAfterARestart() throws Exception {
    HostSetup setup = setup();
    SealedBlob[] blobs = new SealedBlob[2];
    run(
        setup,
        tao -> {
          assertThat(tao.hasFresh("state", SELF)).isFalse();
          blobs[0] = tao.sealFresh("state", "old".getBytes(UTF_8), SELF);
          tao.confirmFresh(blobs[0]);
          blobs[1] = tao.sealFresh("state", "new".getBytes(UTF_8), SELF);
          tao.confirmFresh(blobs[1]);
          refused(() -> tao.unsealFresh(blobs[0]));
        });
    run(
        setup,
        tao -> {
          assertThat(tao.hasFresh("state", SELF)).isTrue();
          refused(() -> tao.unsealFresh(blobs[0]));
          assertThat(tao.unsealFresh(blobs[1])).isEqualTo("new".getBytes(UTF_8));
          tao.endFresh(blobs[1]);
          refused(() -> tao.unsealFresh(blobs[1]));
          assertThat(tao.hasFresh("state", SELF)).isFalse();
        });
  }

  @Test
  void aHostWhoseTableWasDeletedDoesAllButSealFresh() throws Exception {
    HostSetup setup = setup();
    Files.delete(directory.resolve("host/fresh/versions"));
    run(
        setup,
        tao ->
            assertThatThrownBy(() -> tao.sealFresh("", new byte[0], SELF))
                .isInstanceOfSatisfying(
                    TaoException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE)));
  }
}
