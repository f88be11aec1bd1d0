package dev.keystead.control.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keystead.control.ControlEvent;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateKeys;
import dev.keystead.keylime.AgentId;
import dev.keystead.keylime.revocation.RevocationKey;
import dev.keystead.keylime.revocation.SignedRevocation;
import dev.keystead.tpm.structure.HashAlg;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    TestAgent other = agent("other");
    enrol(other, other.enrolment(Optional.empty(), Optional.empty()));
    await(ControlEvent.Passed.class, other);
    try (ZContext context = new ZContext()) {
      ZMQ.Socket subscriber = context.createSocket(SocketType.SUB);
      subscriber.setReceiveTimeOut(1000);
      subscriber.connect("tcp://127.0.0.1:" + verifier.publisherPort().orElseThrow());
      subscriber.subscribe("");
      // A subscription has no answer, and what is published before it arrives is lost: so agents
      // fail one after the other until one is heard of.
      List<AgentId> failed = new ArrayList<>();
      Optional<byte[]> frame = Optional.empty();
      while (frame.isEmpty() && failed.size() < 20) {
        TestAgent agent = agent("bad-" + failed.size());
        failed.add(agent.id);
        enrol(agent, agent.enrolment(Optional.empty(), Optional.of(key)));
        await(ControlEvent.Passed.class, agent);
        agent.measure("/usr/bin/evil", HashAlg.SHA256.hash(new byte[] {1}));
        await(ControlEvent.NoticeDelivered.class, agent);
        frame = Optional.ofNullable(subscriber.recv());
      }
      assertThat(frame).isPresent();
      assertThat(subscriber.hasReceiveMore()).isFalse();
      SignedRevocation told = SignedRevocation.parse(Json.parse(frame.get(), Limits.WIRE));
      assertThat(told.verify(TestAgent.revocationKey().getPublic()).about()).isIn(failed);
    }
    assertThat(other.notices).isEmpty();
  }
}
