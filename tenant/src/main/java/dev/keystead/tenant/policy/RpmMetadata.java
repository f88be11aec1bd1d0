package dev.keystead.tenant.policy;

import dev.keystead.tpm.structure.HashAlg;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The XML metadata of an RPM repository, as createrepo_c writes it. */
final class RpmMetadata {
  private static final int MOST = 4_000_000;

  /**
   * A file that metadata points to.
   *
   * @param checksum SHA-256 in lower-case hex; empty when it is stated in no such way
   */
  record Pointer(String href, String checksum) {
    /** Refuses other content than was announced. */
    void require(byte[] content) throws IOException {
      if (!HexFormat.of().formatHex(HashAlg.SHA256.hash(content)).equals(checksum)) {
        throw new IOException(href + " does not have the SHA-256 that the metadata states");
      }
    }
  }

  /** A file of a package with its digest. */
  record Listed(String path, String digest) {}

  private RpmMetadata() {}

  /** The parts of repomd.xml by their type. */
  static Map<String, Pointer> parts(byte[] repomd) throws IOException {
    Map<String, Pointer> parts = new HashMap<>();
    for (Element item : items(new ByteArrayInputStream(repomd), "data")) {
      parts.put(item.attribute(), item.pointer());
    }
    return parts;
  }

  /** The packages of primary.xml. */
  static List<Pointer> packages(InputStream primary) throws IOException {
    return items(primary, "package").stream().map(Element::pointer).toList();
  }

  private record Element(String attribute, Pointer pointer) {}

  /** All elements of this name, with their type, the location and the checksum in them. */
  private static List<Element> items(InputStream in, String name) throws IOException {
    List<Element> items = new ArrayList<>();
    try {
      XMLStreamReader xml = reader(in);
      String type = "";
      String href = "";
      String checksum = "";
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "location" -> href = attribute(xml, "href");
            case "checksum" -> {
              boolean sha256 = attribute(xml, "type").equals("sha256");
              String text = xml.getElementText().strip();
              checksum = sha256 ? text : checksum;
            }
            default -> {
              if (xml.getLocalName().equals(name)) {
                type = attribute(xml, "type");
                href = "";
                checksum = "";
              }
            }
          }
        } else if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals(name)) {
          bounded(items.size());
          items.add(new Element(type, new Pointer(href, checksum)));
        }
      }
      return items;
    } catch (XMLStreamException e) {
      throw new IOException("its metadata is no XML: " + e.getMessage(), e);
    }
  }

  /** The files of filelists-ext.xml that have a digest. */
  static List<Listed> files(InputStream filelists) throws IOException {
    List<Listed> files = new ArrayList<>();
    try {
      XMLStreamReader xml = reader(filelists);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("file")) {
          String digest = attribute(xml, "hash");
          String path = xml.getElementText();
          if (!digest.isEmpty() && !path.isEmpty()) {
            bounded(files.size());
            files.add(new Listed(path, digest));
          }
        }
      }
      return files;
    } catch (XMLStreamException e) {
      throw new IOException("its list of files is no XML: " + e.getMessage(), e);
    }
  }

  private static void bounded(int count) throws IOException {
    if (count >= MOST) {
      throw new IOException("more than %,d entries".formatted(MOST));
    }
  }

  private static XMLStreamReader reader(InputStream in) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory.createXMLStreamReader(in);
  }

  private static String attribute(XMLStreamReader xml, String name) {
    return Optional.ofNullable(xml.getAttributeValue(null, name)).orElse("");
  }
}
