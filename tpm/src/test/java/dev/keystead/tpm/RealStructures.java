package dev.keystead.tpm;

import dev.keystead.tpm.command.Attestation;
import dev.keystead.tpm.command.Certify;
import dev.keystead.tpm.command.CreatePrimary;
import dev.keystead.tpm.command.Quote;
import dev.keystead.tpm.structure.HashAlg;
import dev.keystead.tpm.structure.PcrSelection;
import dev.keystead.tpm.structure.SignatureScheme;
import dev.keystead.tpm.structure.TpmPublic;
import dev.keystead.tpm.structure.TpmWriter;
import dev.keystead.tpm.template.EkTemplate;
import dev.keystead.tpm.template.KeyTemplate;
import dev.keystead.tpm.transport.TpmAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Structures as a real TPM makes them. */
public record RealStructures(
    List<byte[]> publics, List<byte[]> attests, List<byte[]> signatures, List<byte[]> selections) {
  /** Makes some of each kind in an embedded TPM. */
  public static RealStructures make(Path directory) throws TpmException {
    List<byte[]> publics = new ArrayList<>();
    List<byte[]> attests = new ArrayList<>();
    List<byte[]> signatures = new ArrayList<>();
    PcrSelection selection = PcrSelection.of(HashAlg.SHA256, 0, 7, 10);
    PcrSelection two =
        new PcrSelection(
            List.of(
                new PcrSelection.Bank(HashAlg.SHA1, 1), new PcrSelection.Bank(HashAlg.SHA384, 2)));
    try (Tpm tpm = new TpmAddress.Embedded(directory.resolve("state")).open()) {
      for (TpmPublic template : TpmFixture.attestationKeys().toList()) {
        try (TpmObject key = tpm.open(new CreatePrimary(Handle.OWNER.withEmptyAuth(), template))) {
          publics.add(key.area().toBytes());
          Authorized use = key.handle().withEmptyAuth();
          for (Attestation made :
              List.of(
                  tpm.execute(new Quote(use, new byte[20], selection)),
                  tpm.execute(new Certify(use, use, new byte[0], SignatureScheme.OF_KEY)))) {
            attests.add(made.attest());
            signatures.add(made.signatureBytes());
          }
        }
      }
    }
    publics.add(KeyTemplate.sealedByPolicy(new byte[32]).toBytes());
    for (EkTemplate template : EkTemplate.values()) {
      publics.add(template.area().toBytes());
    }
    return new RealStructures(publics, attests, signatures, List.of(bytes(selection), bytes(two)));
  }

  private static byte[] bytes(PcrSelection selection) {
    TpmWriter out = new TpmWriter();
    selection.write(out);
    return out.toBytes();
  }
}
