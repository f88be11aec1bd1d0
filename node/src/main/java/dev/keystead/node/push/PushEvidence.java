package dev.keystead.node.push;

import dev.keystead.evidence.quote.Quote;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.keylime.push.CertificationKey;
import dev.keystead.keylime.push.Challenge;
import dev.keystead.keylime.push.CollectedEvidence;
import dev.keystead.keylime.push.EvidenceItems;
import dev.keystead.keylime.push.EvidenceOffer;
import dev.keystead.keylime.push.EvidenceRequest;
import dev.keystead.keylime.push.ImaEntries;
import dev.keystead.keylime.push.LogCapabilities;
import dev.keystead.keylime.push.LogRequest;
import dev.keystead.keylime.push.PcrBanks;
import dev.keystead.keylime.push.QuoteCapabilities;
import dev.keystead.keylime.push.QuoteRequest;
import dev.keystead.keylime.push.UefiEvents;
import dev.keystead.keylime.quote.PcrMask;
import dev.keystead.node.agent.AgentConfig;
import dev.keystead.node.identity.QuoteSource;
import dev.keystead.node.ima.MeasurementFile;
import dev.keystead.tpm.structure.TpmPublic;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What this machine can show, and shows when it is asked: a quote first, then the lists, so that
 * none lags behind it. A challenge is answered once.
 */
final class PushEvidence {
  private static final int MAX_BOOT_LOG = 4 << 20;
  private static final int REMEMBERED = 1024;
  private static final PcrMask ALL = new PcrMask(0xffffff);

  private final QuoteSource quotes;
  private final QuoteSource.Use<?> before;
  private final CertificationKey key;
  private final MeasurementFile ima;
  private final AgentConfig.Logs logs;
  private final BootTime bootTime = new BootTime();
  private final Set<Challenge> answered =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Challenge, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  PushEvidence(
      QuoteSource quotes,
      QuoteSource.Use<?> before,
      TpmPublic attestationKey,
      MeasurementFile ima,
      AgentConfig.Logs logs) {
    this.quotes = quotes;
    this.before = before;
    this.key = CertificationKey.of(attestationKey);
    this.ima = ima;
    this.logs = logs;
  }

  /** Takes a challenge that was not answered before: a constant one proves nothing to anybody. */
  void requireFresh(Challenge challenge) throws Refused {
    if (!answered.add(challenge)) {
      throw new Refused("the verifier sent a challenge for the second time");
    }
  }

  EvidenceOffer offer() throws IOException {
    boolean bootLog = Files.isReadable(logs.boot());
    return new EvidenceOffer(
        new EvidenceItems<>(
            new QuoteCapabilities(
                "2.0",
                key.hashes(),
                key.schemes(),
                new PcrBanks(new TreeMap<>(Map.of(bank(), Optional.of(ALL)))),
                List.of(key)),
            Optional.of(LogCapabilities.uefi(bootLog ? 1 : 0)),
            ima.exists() ? Optional.of(LogCapabilities.ima(ima.count())) : Optional.empty()),
        bootTime.read());
  }

  private String bank() {
    return quotes.bank().label();
  }

  /**
   * What is asked for.
   *
   * @throws Refused when it is nothing that we offered
   */
  CollectedEvidence collect(EvidenceRequest asked) throws Refused, IOException {
    EvidenceItems<QuoteRequest, LogRequest, LogRequest> request = asked.requested();
    Quote quote = quote(request.quote());
    Optional<UefiEvents> uefi =
        request.uefi().isPresent() ? Optional.of(bootLog()) : Optional.empty();
    Optional<ImaEntries> entries =
        request.ima().isPresent() ? Optional.of(entries(request.ima().get())) : Optional.empty();
    return new CollectedEvidence(new EvidenceItems<>(quote, uefi, entries));
  }

  private Quote quote(QuoteRequest asked) throws Refused, IOException {
    requireFresh(asked.challenge());
    boolean ours =
        asked.key().area().name().equals(key.area().name())
            && key.hashes().contains(asked.hash())
            && key.schemes().contains(asked.scheme());
    boolean otherBank =
        asked.subjects().masks().entrySet().stream()
            .anyMatch(bank -> bank.getValue().isPresent() && !bank.getKey().equals(bank()));
    if (!ours || otherBank) {
      throw new Refused("the verifier wants a key, an algorithm or a bank that was not offered");
    }
    return quotes.quote(asked.challenge().bytes(), asked.subjects().of(bank()), before);
  }

  private UefiEvents bootLog() throws IOException {
    return new UefiEvents(
        Optional.empty(),
        Files.isReadable(logs.boot()) ? PrivateFiles.read(logs.boot(), MAX_BOOT_LOG) : new byte[0]);
  }

  private ImaEntries entries(LogRequest asked) throws Refused, IOException {
    MeasurementFile.Part part = ima.from(asked.first());
    if (part.first() != asked.first()) {
      throw new Refused("the verifier wants more entries of the list than there are");
    }
    MeasurementFile.Part wanted = part.limitedTo(asked.count().orElse(Long.MAX_VALUE));
    return new ImaEntries(wanted.count(), wanted.text());
  }
}
