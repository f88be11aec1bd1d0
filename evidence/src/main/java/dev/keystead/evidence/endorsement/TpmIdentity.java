package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.der.DerReader;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an EK certificate says that the TPM is (TCG EK Credential Profile, 3.2.9), for people.
 *
 * @param maker the TPM's vendor id, {@code id:} and eight hex digits
 * @param model the part number
 * @param version the firmware version, {@code id:} and eight hex digits
 */
public record TpmIdentity(String maker, String model, String version) {
  private static final String MAKER = "2.23.133.2.1";
  private static final String MODEL = "2.23.133.2.2";
  private static final String VERSION = "2.23.133.2.3";
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";
  private static final int DIRECTORY_NAME = 0xa4;

  /** Vendor ids of TPMs that are programs: IBM's (libtpms, swtpm), Microsoft, Google, VMware. */
  private static final Set<String> SOFTWARE_MAKERS =
      Set.of("id:00001014", "id:49424d00", "id:4d534654", "id:474f4f47", "id:564d5700");

  /**
   * Whether the TPM is known to be software. It keeps its secrets only from those who cannot read
   * its host.
   */
  public boolean isSoftware() {
    String name = model.toLowerCase(Locale.ROOT);
    return SOFTWARE_MAKERS.contains(maker.toLowerCase(Locale.ROOT))
        || name.contains("swtpm")
        || name.contains("libtpms");
  }

  /** The identity in a certificate's subjectAltName, if there is one that can be read. */
  static Optional<TpmIdentity> of(X509Certificate certificate) {
    byte[] extension = certificate.getExtensionValue(SUBJECT_ALT_NAME);
    if (extension == null) {
      return Optional.empty();
    }
    try {
      Map<String, String> attributes = attributes(extension);
      return attributes.containsKey(MAKER)
          ? Optional.of(
              new TpmIdentity(
                  printable(attributes.getOrDefault(MAKER, "")),
                  printable(attributes.getOrDefault(MODEL, "")),
                  printable(attributes.getOrDefault(VERSION, ""))))
          : Optional.empty();
    } catch (EvidenceException e) {
      return Optional.empty();
    }
  }

  /** Some makers put the three into one RDN, some into one each. */
  private static Map<String, String> attributes(byte[] extension) {
    DerReader octets = new DerReader(extension, "subjectAltName");
    DerReader names =
        new DerReader(octets.bytes(DerReader.OCTETS), "subjectAltName").enter(DerReader.SEQUENCE);
    Map<String, String> attributes = new HashMap<>();
    while (names.hasNext()) {
      if (names.peekTag() != DIRECTORY_NAME) {
        names.skip();
        continue;
      }
      DerReader rdns = names.enter(DIRECTORY_NAME).enter(DerReader.SEQUENCE);
      while (rdns.hasNext()) {
        DerReader rdn = rdns.enter(DerReader.SET);
        while (rdn.hasNext()) {
          DerReader attribute = rdn.enter(DerReader.SEQUENCE);
          attributes.putIfAbsent(attribute.oid(), attribute.text());
        }
      }
    }
    return attributes;
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  /** {@code id:00001014 swtpm id:20191023}. */
  @Override
  public String toString() {
    return maker + " " + model + " " + version;
  }
}
