package dev.keystead.tenant.policy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Where the files of a package repository lie. */
public sealed interface RepositoryFiles {
  /**
   * Opens a file.
   *
   * @param path below the repository, as its metadata names it
   * @throws FileNotFoundException when there is none
   */
  InputStream open(String path) throws IOException;

  /** All of a file of at most {@code max} bytes. */
  default byte[] read(String path, int max) throws IOException {
    try (InputStream in = open(path)) {
      byte[] bytes = in.readNBytes(max + 1);
      if (bytes.length > max) {
        throw new IOException("%s is larger than %,d bytes".formatted(path, max));
      }
      return bytes;
    }
  }

  /** The repository in a folder, or at an http or https address. */
  static RepositoryFiles at(String place) {
    return place.startsWith("https://") || place.startsWith("http://")
        ? new Web(URI.create(place.endsWith("/") ? place : place + "/"))
        : new Folder(Path.of(place));
  }

  /** A folder of this machine. */
  record Folder(Path root) implements RepositoryFiles {
    @Override
    public InputStream open(String path) throws IOException {
      Path file = root.resolve(path).normalize();
      if (!file.startsWith(root.normalize())) {
        throw new IOException(path + " leads out of the repository");
      }
      if (!Files.isRegularFile(file)) {
        throw new FileNotFoundException(path + " does not exist");
      }
      return Files.newInputStream(file);
    }

    /** All files in the folder whose name ends so, as paths below it. */
    List<String> ending(String suffix) throws IOException {
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .filter(file -> file.toString().endsWith(suffix) && Files.isRegularFile(file))
            .map(file -> root.relativize(file).toString())
            .sorted()
            .toList();
      }
    }
  }

  /** An address on the web. */
  record Web(URI base) implements RepositoryFiles {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient CLIENT =
        HttpClient.newBuilder().followRedirects(Redirect.NORMAL).connectTimeout(PATIENCE).build();

    @Override
    public InputStream open(String path) throws IOException {
      URI address = base.resolve(escaped(path));
      if (!address.toString().startsWith(base.toString())) {
        throw new IOException(path + " leads out of the repository");
      }
      HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
      HttpResponse<InputStream> response;
      try {
        response = CLIENT.send(request, BodyHandlers.ofInputStream());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      if (response.statusCode() == 200) {
        return response.body();
      }
      response.body().close();
      String what = "%s answers with %d".formatted(address, response.statusCode());
      throw response.statusCode() == 404 ? new FileNotFoundException(what) : new IOException(what);
    }

    /** Names of packages may hold what an address may not, such as a caret. */
    private static String escaped(String path) throws IOException {
      try {
        return new URI(null, null, "/" + path, null).getRawPath().substring(1);
      } catch (URISyntaxException e) {
        throw new IOException(path + " cannot be part of an address", e);
      }
    }
  }
}
