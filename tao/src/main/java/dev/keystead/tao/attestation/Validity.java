package dev.keystead.tao.attestation;

import dev.keystead.claims.cbor.Cbor;
import dev.keystead.claims.cbor.CborException;
import dev.keystead.claims.cbor.CborFields;
import dev.keystead.claims.cbor.CborMap;
import dev.keystead.tao.attestation.AttestationException.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * When something signed holds: from {@code issuedAt} until before {@code expires}, in whole
 * seconds.
 */
public record Validity(Instant issuedAt, Instant expires) {
  /** How far in the future something may have been issued, for clocks that differ. */
  public static final Duration SKEW = Duration.ofSeconds(60);

  private static final long MAX_SECOND = 253_402_300_799L;

  /** Cuts to seconds and requires that it holds at all, after 1970 and before the year 10000. */
  public Validity {
    issuedAt = Instant.ofEpochSecond(issuedAt.getEpochSecond());
    expires = Instant.ofEpochSecond(expires.getEpochSecond());
    if (issuedAt.getEpochSecond() < 0
        || expires.getEpochSecond() > MAX_SECOND
        || !issuedAt.isBefore(expires)) {
      throw new IllegalArgumentException("it expires before it is issued, or at no possible time");
    }
  }

  /** From {@code now} on, for at least a second. */
  public static Validity from(Instant now, Duration length) {
    return new Validity(now, now.plus(length));
  }

  /** Takes the two fields of a signed map. */
  public static Validity take(CborFields fields, long issuedAt, long expires) throws CborException {
    long from = fields.uint(issuedAt);
    long until = fields.uint(expires);
    if (until > MAX_SECOND || from >= until) {
      throw new CborException("it expires before it is issued, or at no possible time");
    }
    return new Validity(Instant.ofEpochSecond(from), Instant.ofEpochSecond(until));
  }

  /** Puts the two fields into a map that is to be signed. */
  public CborMap put(CborMap map, long issuedAtKey, long expiresKey) {
    return map.put(issuedAtKey, Cbor.of(issuedAt.getEpochSecond()))
        .put(expiresKey, Cbor.of(expires.getEpochSecond()));
  }

  /** Whether it holds at {@code now}. */
  public boolean holdsAt(Instant now) {
    return !issuedAt.isAfter(now.plus(SKEW)) && now.isBefore(expires);
  }

  /** Requires that it holds at {@code now}. */
  void require(Instant now, String what) throws AttestationException {
    if (issuedAt.isAfter(now.plus(SKEW))) {
      throw new AttestationException(Reason.NOT_YET_VALID, what + " is from the future");
    }
    if (!now.isBefore(expires)) {
      throw new AttestationException(Reason.EXPIRED, what + " has expired");
    }
  }

  /** The time in which both hold. */
  Validity and(Validity other) throws AttestationException {
    Instant from = issuedAt.isAfter(other.issuedAt) ? issuedAt : other.issuedAt;
    Instant until = expires.isBefore(other.expires) ? expires : other.expires;
    if (!from.isBefore(until)) {
      throw new AttestationException(Reason.EXPIRED, "two links never hold at the same time");
    }
    return new Validity(from, until);
  }
}
