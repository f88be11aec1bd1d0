package dev.keystead.tao.seal;

import dev.keystead.claims.Sha256;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The table of all lines of fresh blobs on a host, as it was when the counter had one value. The
 * one counter vouches for the table, the table for every line in it.
 *
 * @param at the counter when this table is in force
 * @param lines at most {@value #MAX_LINES}
 */
record Versions(Counter.Reading at, List<Line> lines) {
  /** The most lines on a host. */
  static final int MAX_LINES = 4096;

  /** The most lines of one program, publisher's product, or the approved programs together. */
  static final int MAX_LINES_OF_SCOPE = 64;

  private static final int HEAD = 3 * 8 + 4;
  private static final int LINE = 2 * Sha256.SIZE + BlobHeader.LINE_SIZE + 3 * 8;

  /** The most bytes of a table. */
  static final int MAX_SIZE = HEAD + MAX_LINES * LINE;

  Versions {
    lines = List.copyOf(lines);
    if (lines.size() > MAX_LINES) {
      throw new IllegalArgumentException("a table of " + lines.size() + " lines");
    }
  }

  /** The line that these blobs belong to. */
  Optional<Line> line(byte[] id) {
    return lines.stream().filter(l -> Arrays.equals(l.id(), id)).findFirst();
  }

  /** The line with this label of this scope. */
  Optional<Line> line(byte[] scope, byte[] label) {
    return lines.stream()
        .filter(l -> Arrays.equals(l.scope(), scope) && Arrays.equals(l.label(), label))
        .findFirst();
  }

  /** Whether this scope can have one more line. */
  boolean hasRoomFor(byte[] scope) {
    return lines.size() < MAX_LINES
        && lines.stream().filter(l -> Arrays.equals(l.scope(), scope)).count() < MAX_LINES_OF_SCOPE;
  }

  /** These lines with one replaced or added. */
  List<Line> with(Line line) {
    List<Line> changed = without(line);
    changed.add(line);
    return changed;
  }

  /** These lines without one. */
  List<Line> without(Line line) {
    List<Line> fewer = new ArrayList<>(lines);
    fewer.removeIf(l -> Arrays.equals(l.id(), line.id()));
    return fewer;
  }

  /** The table's bytes. */
  byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(HEAD + lines.size() * LINE);
    out.putLong(at.value()).putLong(at.resets()).putLong(at.clock()).putInt(lines.size());
    for (Line line : lines) {
      out.put(line.scope()).put(line.label()).put(line.id());
      out.putLong(line.chosen()).putLong(line.barrier()).putLong(line.last());
    }
    return out.array();
  }

  /** The table with these bytes, if they are one. */
  static Optional<Versions> parse(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      Counter.Reading at = new Counter.Reading(in.getLong(), in.getLong(), in.getLong());
      int count = in.getInt();
      if (count < 0 || in.remaining() != (long) count * LINE) {
        return Optional.empty();
      }
      List<Line> lines = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        lines.add(line(in));
      }
      return Optional.of(new Versions(at, lines));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Line line(ByteBuffer in) {
    byte[] scope = new byte[Sha256.SIZE];
    byte[] label = new byte[Sha256.SIZE];
    byte[] id = new byte[BlobHeader.LINE_SIZE];
    in.get(scope).get(label).get(id);
    return new Line(scope, label, id, in.getLong(), in.getLong(), in.getLong());
  }
}
