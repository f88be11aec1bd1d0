package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.tpm.structure.HashAlg;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

class PublisherTest extends VerifierFixture {
  @Override
  VerifierConfig config(Path database, Timing timing) {
    return super.config(database, timing)
        .with(
            new VerifierConfig.Telling(
                false,
                Optional.empty(),
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                Optional.empty()));
  }

  @Test
  void subscribersHearOfARevocationInKeylimesFormAndAgentsDoNotWhenTheyAreNotToBeTold()
      throws Exception {
    RevocationKey key =
        RevocationKey.parse(PrivateKeys.toPem(TestAgent.revocationKey().getPrivate()));
    TestAgent agent = agent("bad");
    TestAgent other = agent("other");
    enrol(agent, agent.enrolment(Optional.empty(), Optional.of(key)));
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, agent);
    try (ZContext context = new ZContext()) {
      ZMQ.Socket subscriber = context.createSocket(SocketType.SUB);
      subscriber.setReceiveTimeOut(200);
      subscriber.connect("tcp://127.0.0.1:" + verifier.publisherPort().orElseThrow());
      subscriber.subscribe("");
      // A subscription has no answer: what is published before it arrives is lost.
      Thread.sleep(300);
      agent.measure("/usr/bin/evil", HashAlg.SHA256.hash(new byte[] {1}));
      await(ControlEvent.NoticeDelivered.class, agent);
      subscriber.setReceiveTimeOut(10_000);
      byte[] frame = subscriber.recv();
      assertThat(subscriber.hasReceiveMore()).isFalse();
      SignedRevocation told = SignedRevocation.parse(Json.parse(frame, Limits.WIRE));
      assertThat(told.verify(TestAgent.revocationKey().getPublic()).about()).isEqualTo(agent.id);
    }
    assertThat(other.notices).isEmpty();
  }
}
