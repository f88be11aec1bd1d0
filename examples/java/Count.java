import dev.keystead.program.HostedTao;
import dev.keystead.tao.SealedBlob;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts its own starts; nobody else can read or forge the count: Count SEALED ATTESTATION. */
public final class Count {
  private Count() {}

  /** Keeps the count in one file and has the host attest it into the other. */
  public static void main(String[] files) throws Exception {
    Path sealed = Path.of(files[0]);
    int starts = 1;
    try (HostedTao tao = HostedTao.ofEnvironment()) {
      if (Files.exists(sealed)) {
        byte[] count = tao.unseal(new SealedBlob(Files.readAllBytes(sealed)));
        starts += Integer.parseInt(new String(count, StandardCharsets.US_ASCII));
      }
      byte[] count = Integer.toString(starts).getBytes(StandardCharsets.US_ASCII);
      Files.write(sealed, tao.seal(count).bytes());
      byte[] said = ("start " + starts).getBytes(StandardCharsets.US_ASCII);
      Files.write(Path.of(files[1]), tao.attest(said).bytes());
    }
    System.out.println("start " + starts);
  }
}
