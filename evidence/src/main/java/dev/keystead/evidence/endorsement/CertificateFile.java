package dev.keystead.evidence.endorsement;

import dev.keystead.evidence.EvidenceException;
import dev.keystead.evidence.Finding.Code;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** What is in one file of certificates and CRLs: one as DER, or any number as PEM. */
record CertificateFile(List<X509Certificate> certificates, List<X509CRL> crls) {
  private static final int MAX_FILE = 4 << 20;
  private static final int MAX_DER = 1 << 20;
  private static final int MAX_CERTIFICATE = 16 << 10;
  private static final int MAX_BLOCKS = 4096;
  private static final String BEGIN = "-----BEGIN ";
  private static final String DASHES = "-----";

  private record Block(String label, byte[] der) {}

  /** Parses all of {@code bytes}; MALFORMED unless all of it is certificates and CRLs. */
  static CertificateFile parse(byte[] bytes) {
    List<X509Certificate> certificates = new ArrayList<>();
    List<X509CRL> crls = new ArrayList<>();
    for (Block block : blocks(bytes)) {
      switch (block.label) {
        case "CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE" ->
            certificates.add(certificate(block.der));
        case "X509 CRL" -> crls.add(crl(block.der));
        case "" -> {
          try {
            certificates.add(certificate(block.der));
          } catch (EvidenceException e) {
            crls.add(crl(block.der));
          }
        }
        default -> throw malformed("a PEM block " + block.label.replaceAll("[^ -~]", "?"));
      }
    }
    return new CertificateFile(certificates, crls);
  }

  /** The one certificate in {@code bytes}. */
  static X509Certificate single(byte[] bytes) {
    List<Block> blocks = blocks(bytes);
    if (blocks.size() != 1 || !List.of("", "CERTIFICATE").contains(blocks.getFirst().label)) {
      throw malformed("not one certificate");
    }
    return certificate(blocks.getFirst().der);
  }

  /** Text around PEM blocks is left out, as makers write explanations there. */
  private static List<Block> blocks(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_FILE) {
      throw malformed(bytes.length + " bytes");
    }
    if (bytes[0] == 0x30) {
      return List.of(new Block("", unfilled(bytes)));
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<Block> blocks = new ArrayList<>();
    int at = text.indexOf(BEGIN);
    while (at >= 0) {
      int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
      String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
      String end = "-----END " + label + DASHES;
      int stop = text.indexOf(end, labelEnd + DASHES.length());
      if (labelEnd < 0 || stop < 0 || label.isEmpty() || blocks.size() == MAX_BLOCKS) {
        throw malformed("a PEM block without an end, or too many");
      }
      blocks.add(new Block(label, base64(text.substring(labelEnd + DASHES.length(), stop))));
      at = text.indexOf(BEGIN, stop + end.length());
    }
    if (blocks.isEmpty()) {
      throw malformed("neither DER nor PEM");
    }
    return blocks;
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text.replaceAll("[\r\n\t ]", ""));
    } catch (IllegalArgumentException e) {
      throw malformed("PEM without base64");
    }
  }

  /** DER up to its own end; behind it only zeros or only 0xff may stand, as from an NV index. */
  private static byte[] unfilled(byte[] bytes) {
    int length = bytes.length;
    if (bytes.length > 4 && bytes[1] == (byte) 0x82) {
      length = 4 + ((bytes[2] & 0xff) << 8 | (bytes[3] & 0xff));
    }
    for (int i = length; i < bytes.length; i++) {
      if (bytes[i] != bytes[length] || (bytes[i] != 0 && bytes[i] != -1)) {
        throw malformed("trailing bytes");
      }
    }
    return length > bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static X509Certificate certificate(byte[] der) {
    if (der.length > MAX_CERTIFICATE) {
      throw malformed("a certificate of " + der.length + " bytes");
    }
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    try {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (in.available() > 0) {
        throw malformed("trailing bytes");
      }
      return certificate;
    } catch (CertificateException e) {
      throw malformed("no certificate: " + printable(e));
    }
  }

  private static X509CRL crl(byte[] der) {
    if (der.length > MAX_DER) {
      throw malformed("a CRL of " + der.length + " bytes");
    }
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    try {
      X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
      if (in.available() > 0) {
        throw malformed("trailing bytes");
      }
      return crl;
    } catch (CertificateException | CRLException e) {
      throw malformed("neither a certificate nor a CRL: " + printable(e));
    }
  }

  private static String printable(GeneralSecurityException e) {
    return String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?");
  }

  private static EvidenceException malformed(String detail) {
    return new EvidenceException(Code.MALFORMED, "certificate", detail);
  }
}
