package dev.keystead.cli.demo;

import dev.keystead.evidence.endorsement.EndorsementStore;
import dev.keystead.evidence.policy.RuntimePolicyWriter;
import dev.keystead.keylime.quote.AcceptLists;
import dev.keystead.node.embedded.TpmMaker;
import dev.keystead.tenant.AddRequest;
import dev.keystead.tenant.Endorsement;
import dev.keystead.tenant.PayloadSource;
import dev.keystead.tenant.PolicySource;
import dev.keystead.tpm.structure.HashAlg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What the owner has for a node: a policy that lists what runs there now, a secret, the list of
 * actions, and the TPM maker to trust.
 */
record Owned(DemoNode node, Path policy, String secret, List<Path> files, Path ca, byte[] root) {
  /** The secret's file in the payload. */
  static final String SECRET = "secret.txt";

  static Owned of(Path demo, DemoNode node) throws IOException, GeneralSecurityException {
    Path folder = Files.createDirectories(demo.resolve("owner").resolve(node.id().value()));
    byte[] list = Files.readAllBytes(node.list().file());
    Path policy = folder.resolve("policy.json");
    Files.write(
        policy,
        RuntimePolicyWriter.fromList(list, HashAlg.SHA1, InstantSource.system().instant())
            .toBytes());
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String secret = "the secret of %s: %s%n".formatted(node.id(), HexFormat.of().formatHex(random));
    return new Owned(
        node,
        policy,
        secret,
        List.of(
            Files.writeString(folder.resolve(SECRET), secret),
            Files.writeString(folder.resolve("action_list"), DemoNode.ACTION + "\n")),
        demo.resolve("owner").resolve("ca"),
        TpmMaker.open(demo.resolve("tpm-maker")).root().getEncoded());
  }

  AddRequest request(Duration patience) {
    return new AddRequest(
        node.id(),
        new PayloadSource.CertificatePackage(ca, files),
        PolicySource.ofRuntime(policy),
        new Endorsement.Makers(EndorsementStore.of(List.of(root))),
        AcceptLists.DEFAULT,
        Optional.of(patience));
  }
}
