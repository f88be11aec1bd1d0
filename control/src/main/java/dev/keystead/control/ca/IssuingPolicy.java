package dev.keystead.control.ca;

import dev.keystead.evidence.json.Field;
import dev.keystead.evidence.json.Fields;
import dev.keystead.evidence.json.Limits;
import dev.keystead.evidence.pattern.LinearPattern;
import dev.keystead.evidence.pattern.PatternException;
import dev.keystead.http.tls.CredentialException;
import dev.keystead.http.tls.PrivateFiles;
import dev.keystead.http.tls.Purpose;
import dev.keystead.http.tls.Subject;
import dev.keystead.keylime.Message;
import dev.keystead.keylime.WireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What an authority may certify: {@code {"rules": [{"names": pattern, "dns": pattern, "purpose":
 * "server"|"client"|"both", "days": n}]}} in {@code policy.json} beside it. A certificate is issued
 * when one rule allows all of it; without the file, any.
 */
record IssuingPolicy(List<Rule> rules) {
  private static final String FILE = "policy.json";
  private static final int MOST_RULES = 1000;

  /**
   * One rule.
   *
   * @param names matches the whole common name
   * @param dns matches each DNS name, whole
   * @param purpose what the certificate may be used for
   * @param longest how long it may be valid
   */
  record Rule(LinearPattern names, LinearPattern dns, Purpose purpose, Duration longest) {
    boolean allows(Subject subject, Purpose wanted, Duration validity) {
      return names.matchesAll(subject.commonName())
          && subject.dnsNames().stream().allMatch(dns::matchesAll)
          && (purpose == Purpose.BOTH || purpose == wanted)
          && validity.compareTo(longest) <= 0;
    }
  }

  private static final IssuingPolicy ANY =
      new IssuingPolicy(
          List.of(
              new Rule(
                  LinearPattern.compile(".*"),
                  LinearPattern.compile(".*"),
                  Purpose.BOTH,
                  Duration.ofDays(3650))));

  /** The policy in a folder; a file that cannot be read allows nothing. */
  static IssuingPolicy in(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return ANY;
    }
    try {
      return Message.read(
          Message.parse(PrivateFiles.read(file, 1 << 20), Limits.WIRE),
          fields -> {
            IssuingPolicy policy =
                new IssuingPolicy(
                    fields.list("rules", MOST_RULES).stream().map(IssuingPolicy::rule).toList());
            fields.done();
            return policy;
          });
    } catch (WireException e) {
      throw new CredentialException(FILE + " cannot be used: " + e.getMessage());
    }
  }

  private static Rule rule(Field field) {
    Fields fields = field.fields();
    try {
      Rule rule =
          new Rule(
              LinearPattern.compile(fields.text("names", 1000)),
              LinearPattern.compile(fields.text("dns", 1000)),
              Purpose.valueOf(fields.text("purpose", 8).toUpperCase(Locale.ROOT)),
              Duration.ofDays(fields.integer("days", 1, 3650)));
      fields.done();
      return rule;
    } catch (PatternException | IllegalArgumentException e) {
      throw WireException.malformed(field.path(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * Requires that a rule allows a certificate.
   *
   * @throws CredentialException when none does
   */
  void require(Subject subject, Purpose purpose, Duration validity) {
    if (rules.stream().noneMatch(rule -> rule.allows(subject, purpose, validity))) {
      throw new CredentialException(
          "policy.json allows no such certificate for " + subject.commonName());
    }
  }
}
