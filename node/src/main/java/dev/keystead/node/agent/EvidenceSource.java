package dev.keystead.node.agent;

import dev.keystead.evidence.launch.LaunchLog;
import dev.keystead.evidence.quote.Quote;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.ApiVersion;
import dev.keystead.keylime.bootstrap.PayloadKey;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.keylime.quote.QuoteAlgorithms;
import dev.keystead.keylime.quote.QuoteQuery;
import dev.keystead.keylime.quote.QuoteReply;
import dev.keystead.node.AgentEvent;
import dev.keystead.node.AgentListener;
import dev.keystead.node.identity.QuoteSource;
import dev.keystead.node.ima.MeasurementFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Answers questions for evidence: a quote first, then the lists, so that none lags behind it. */
final class EvidenceSource {
  private static final int MAX_BOOT_LOG = 4 << 20;

  private final QuoteSource quotes;
  private final QuoteSource.Use<?> before;
  private final QuoteAlgorithms algorithms;
  private final PayloadKey payloadKey;
  private final MeasurementFile ima;
  private final Path bootLog;
  private final Optional<Path> launchLog;
  private final AgentListener listener;

  /** Asks {@code quotes}; {@code before} each quote uses the TPM. */
  EvidenceSource(
      QuoteSource quotes,
      QuoteSource.Use<?> before,
      QuoteAlgorithms algorithms,
      PayloadKey payloadKey,
      MeasurementFile ima,
      Path bootLog,
      Optional<Path> launchLog,
      AgentListener listener) {
    this.quotes = quotes;
    this.before = before;
    this.algorithms = algorithms;
    this.payloadKey = payloadKey;
    this.ima = ima;
    this.bootLog = bootLog;
    this.launchLog = launchLog;
    this.listener = listener;
  }

  QuoteReply answer(QuoteQuery query, ApiVersion version) throws IOException {
    return switch (query) {
      case QuoteQuery.Identity identity -> identity(identity, version);
      case QuoteQuery.Integrity integrity -> integrity(integrity, version);
    };
  }

  private QuoteReply identity(QuoteQuery.Identity query, ApiVersion version) throws IOException {
    Quote quote = quotes.quote(query.nonce().bytes(), PcrMask.NONE, _ -> 0);
    return new QuoteReply(
        quote,
        AgentVersions.named(algorithms, version),
        Optional.of(payloadKey),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private QuoteReply integrity(QuoteQuery.Integrity query, ApiVersion version) throws IOException {
    long start = System.nanoTime();
    Quote quote = quotes.quote(query.nonce().bytes(), query.mask(), before);
    Optional<QuoteReply.ImaList> list = Optional.empty();
    long entries = 0;
    if (ima.exists()) {
      MeasurementFile.Part part = ima.from(query.imaEntry());
      list = Optional.of(new QuoteReply.ImaList(part.text(), Math.toIntExact(part.first())));
      entries = part.count();
    }
    Optional<byte[]> boot = Optional.empty();
    if (query.mask().contains(0) && Files.isReadable(bootLog)) {
      boot = Optional.of(PrivateFiles.read(bootLog, MAX_BOOT_LOG));
    }
    QuoteReply reply =
        new QuoteReply(
            quote,
            AgentVersions.named(algorithms, version),
            query.partial() ? Optional.empty() : Optional.of(payloadKey),
            list,
            boot,
            Optional.empty(),
            query.mask().contains(LaunchLog.PCR) ? launches() : Optional.empty());
    listener.on(new AgentEvent.Quoted(entries, Duration.ofNanos(System.nanoTime() - start)));
    return reply;
  }

  /** Whole lines: one that is just being written is of a program that does not run yet. */
  private Optional<byte[]> launches() throws IOException {
    if (launchLog.isEmpty() || !Files.isReadable(launchLog.get())) {
      return Optional.empty();
    }
    byte[] log = PrivateFiles.read(launchLog.get(), LaunchLog.MAX_SIZE);
    int end = log.length;
    while (end > 0 && log[end - 1] != '\n') {
      end--;
    }
    return Optional.of(Arrays.copyOf(log, end));
  }
}
