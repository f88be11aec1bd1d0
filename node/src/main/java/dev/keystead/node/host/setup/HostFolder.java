package dev.keystead.node.host.setup;

import dev.keystead.claims.cbor.CborException;
import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Json;
import dev.keystead.evidence.json.JsonException;
import dev.keystead.evidence.json.Limits;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.tao.AttestCertificate;
import dev.keystead.tao.PolicyKey;
import dev.keystead.tao.SealedBlob;
import dev.keystead.tao.attestation.HostEndorsement;
import dev.keystead.tao.platform.SealedRoot;
import dev.keystead.tpm.transport.TpmAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a host keeps, in a private directory. Nothing in it is secret without the TPM, and whatever
 * is changed in it is found out when the host starts.
 */
public final class HostFolder {
  private static final int MAX_SIZE = 64 << 10;
  private static final int MAX_PCRS = 24;

  private final Path path;

  /** The directory, which need not exist yet. */
  public HostFolder(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** The policy key's file. */
  public Path policyKeyFile() {
    return path.resolve("policy-key.pem");
  }

  /** The sockets' and programs' directory, for one run of the host. */
  public Path run() {
    return path.resolve("run");
  }

  /** The log of the programs that were started. */
  public Path launches() {
    return path.resolve("launches");
  }

  Path fresh() {
    return path.resolve("fresh");
  }

  /** Which NV index of the TPM counts. */
  int counter() {
    String text = new String(read("counter"), StandardCharsets.US_ASCII);
    try {
      return HexFormat.fromHexDigits(text);
    } catch (IllegalArgumentException e) {
      throw damaged("counter", e);
    }
  }

  void writeCounter(int index) throws IOException {
    write("counter", HexFormat.of().toHexDigits(index).getBytes(StandardCharsets.US_ASCII));
  }

  Path tpmMaker() {
    return path.resolve("tpm-maker");
  }

  /** Whether the host was set up. */
  public boolean isComplete() {
    return Files.exists(file("state"));
  }

  /** Which TPM. */
  public HostPlatform platform() {
    byte[] bytes = read("platform.json");
    try {
      Fields fields = Json.parseObject(bytes, Limits.WIRE).fields("platform.json");
      List<Integer> pcrs = new ArrayList<>();
      for (Field pcr : fields.list("pcrs", MAX_PCRS)) {
        pcrs.add(pcr.integer(0, MAX_PCRS - 1));
      }
      HostPlatform platform = new HostPlatform(TpmAddress.parse(fields.text("tpm")), pcrs);
      fields.done();
      return platform;
    } catch (JsonException | IllegalArgumentException e) {
      throw damaged("platform.json", e);
    }
  }

  /** PK0. */
  public PolicyKey policyKey() {
    return PolicyKeyFile.read(policyKeyFile());
  }

  AttestCertificate certificate() {
    return new AttestCertificate(read("certificate"));
  }

  HostEndorsement endorsement() {
    return new HostEndorsement(read("endorsement"));
  }

  SealedBlob state() {
    return new SealedBlob(read("state"));
  }

  SealedRoot root() {
    try {
      return SealedRoot.parse(read("root"));
    } catch (CborException e) {
      throw damaged("root", e);
    }
  }

  void prepare(HostPlatform platform, PolicyKey policyKey) throws IOException {
    PrivateFiles.folder(path);
    Json pcrs = Json.array(platform.pcrs().stream().map(HostFolder::number).toList());
    byte[] json =
        Json.object().put("tpm", platform.tpm().toString()).put("pcrs", pcrs).build().toBytes();
    PolicyKeyFile.write(policyKeyFile(), policyKey);
    PrivateFiles.write(file("platform.json"), json);
  }

  void write(String name, byte[] content) throws IOException {
    PrivateFiles.write(file(name), content);
  }

  private static Json number(int value) {
    return new Json.Num(Integer.toString(value));
  }

  private byte[] read(String name) {
    try {
      return PrivateFiles.read(file(name), MAX_SIZE);
    } catch (NoSuchFileException e) {
      throw new HostException("%s is missing: run keystead host init".formatted(file(name)), e);
    } catch (IOException e) {
      throw new HostException("%s: %s".formatted(file(name), e.getMessage()), e);
    }
  }

  private HostException damaged(String name, Exception e) {
    return new HostException("%s is damaged: %s".formatted(file(name), e.getMessage()), e);
  }

  private Path file(String name) {
    return path.resolve(name);
  }
}
