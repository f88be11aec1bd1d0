package dev.keystead.evidence.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/out/.* /out/a true",
        "/out/ /out/a true",
        "/out/ /var/out/ false",
        "/tmp/[^/]+$ /tmp/a true",
        "/tmp/[^/]+$ /tmp/a/b false",
        "(/usr)?/lib(64)?/.*\\.so(\\.\\d+)* /usr/lib64/libc.so.6 true",
        "a{2,3}b aab true",
        "a{2,3}b aaaab false",
        "a{,2}b aab true",
        "a{x} a{x} true",
        "[]a]+$ ]a true",
        "[^]a] b true",
        "[a-] - true",
        "\\w+\\.\\w+$ été.中 true",
        "\\bfoo\\b foo-bar true",
        "\\bfoo\\b foobar false",
        "foo\\B foobar true",
        "(?:a|b)+?c abac true",
        "(?P<name>a)b ab true",
        "(|a)b b true",
        "(a*)*b aab true",
        "\\x41\\u0042\\U00000043\\061 ABC1 true",
        "()* x true",
      })
  void matchesFromTheStartAsPythonDoes(String pattern, String text, boolean expected) {
    assertThat(LinearPattern.compile(pattern).matchesPrefix(text)).isEqualTo(expected);
  }

  @Test
  void aDollarMatchesBeforeAFinalNewlineAndAWholeMatchTakesAll() {
    LinearPattern dollar = LinearPattern.compile("a$");
    assertThat(dollar.matchesPrefix("a\n")).isTrue();
    assertThat(dollar.matchesPrefix("a\n\n")).isFalse();
    assertThat(dollar.matchesAll("a\n")).isFalse();
    assertThat(dollar.matchesAll("a")).isTrue();
    assertThat(LinearPattern.compile("a\\Z").matchesPrefix("a\n")).isFalse();
    assertThat(LinearPattern.compile("a$\\n").matchesAll("a\n")).isTrue();
    assertThat(LinearPattern.compile(".*b").matchesPrefix("a\nb")).isFalse();
  }

  @Test
  void noPatternsMatchNothingAndSeveralMatchWhenOneDoes() {
    assertThat(LinearPattern.anyOf(List.of()).matchesPrefix("")).isFalse();
    assertThat(LinearPattern.anyOf(List.of()).matchesPrefix("a")).isFalse();
    LinearPattern two = LinearPattern.anyOf(List.of("/a$", "/b"));
    assertThat(two.matchesPrefix("/bc")).isTrue();
    assertThat(two.matchesPrefix("/ac")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "(a)\\1~references to groups",
        "(?P=a)~references to groups",
        "(?=a)~look-ahead",
        "(?!a)~look-ahead",
        "(?<=a)~look-behind",
        "(?<!a)~look-behind",
        "(?i)a~flags",
        "(?>a)~atomic",
        "a*+~possessive",
        "a**~repetition of a repetition",
        "a{2}{3}~repetition of a repetition",
        "*a~nothing to repeat",
        "^*~nothing to repeat",
        "{2}~nothing to repeat",
        "(a~not closed",
        "a)~without an opening",
        "[a~not closed",
        "[b-a]~backwards",
        "[a-\\d]~whose end is a class",
        "a{3,2}~most is less",
        "a{1001}~more than 1000",
        "\\q~unknown escape",
        "\\~backslash at the end",
        "(?P<1>a)~name",
        "\\x4~hex",
        "(((a{100}){100}){100})~more than 50000 steps",
        "(((((()){1000}){1000}){1000}){1000})~more than 50000 steps",
      })
  void whatIsNotInTheSubsetIsRefusedWithTheReason(String pattern, String reason) {
    assertThatThrownBy(() -> LinearPattern.compile(pattern))
        .isInstanceOf(PatternException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){12}$", "(a?){30}a{30}b", "([a-z]+)*!"})
  void patternsThatExplodeUnderBacktrackingTakeLinearWork(String source) {
    Program program = new Program(new PatternParser(source).parse());
    for (int length : new int[] {100, 1_000, 10_000}) {
      String text = "a".repeat(length) + "!".repeat(source.endsWith("!") ? 0 : 1);
      long work = LinearPattern.compile(source).work(text);
      assertThat(work).isLessThanOrEqualTo((length + 2L) * (program.size() + 1L));
    }
  }

  @Test
  void aMatchedPathCostsOneStepForEachCodePointOnceThePatternIsWarm() {
    List<String> excludes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      excludes.add("/var/lib/service" + i + "/.*\\.(log|tmp)$");
    }
    LinearPattern any = LinearPattern.anyOf(excludes);
    for (int i = 0; i < 50; i++) {
      any.work("/var/lib/service" + i + "/cache/file.dat");
    }
    assertThat(any.work("/var/lib/service49/cache/file.dat")).isLessThanOrEqualTo(34);
  }

  @Test
  void theMemoryOfStatesIsBoundedAndForgettingChangesNoAnswer() {
    LinearPattern pattern = LinearPattern.compile("(.*[ab]){3}.{14}c$");
    Pattern peer = Pattern.compile("(.*[ab]){3}.{14}c$");
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      String text =
          random
              .ints(200, 'a', 'e')
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(pattern.matchesPrefix(text)).isEqualTo(peer.matcher(text).lookingAt());
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomPatternsAgreeWithTheJdkOnTheCommonSubset(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      String source = pattern(random, 4);
      LinearPattern ours = LinearPattern.compile(source);
      Pattern peer = Pattern.compile(source, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
      for (int k = 0; k < 20; k++) {
        String text = text(random);
        assertThat(ours.matchesAll(text))
            .as("%s on all of '%s'", source, text)
            .isEqualTo(peer.matcher(text).matches());
        assertThat(ours.matchesPrefix(text))
            .as("%s on a beginning of '%s'", source, text)
            .isEqualTo(peer.matcher(text).lookingAt());
      }
    }
  }

  private static String text(Random random) {
    String letters = "aab/.-\n1é😀";
    int[] points = letters.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(10); n > 0; n--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  private static String pattern(Random random, int depth) {
    if (depth == 0) {
      String[] atoms = {
        "a", "b", "/", "\\.", ".", "\\d", "\\w", "\\S", "[ab]", "[^a/]", "[a-z-]", "é", "😀", "\\n"
      };
      return atoms[random.nextInt(atoms.length)];
    }
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> pattern(random, depth - 1) + pattern(random, depth - 1);
      case 3 -> "(" + pattern(random, depth - 1) + "|" + pattern(random, depth - 1) + ")";
      case 4 -> "(?:" + pattern(random, depth - 1) + ")*";
      case 5 -> "(" + pattern(random, depth - 1) + ")+?";
      case 6 -> "(?:" + pattern(random, depth - 1) + "){0,2}";
      case 7 ->
          random.nextBoolean()
              ? pattern(random, depth - 1) + "$"
              : "^" + pattern(random, depth - 1);
      default -> pattern(random, depth - 1) + "|";
    };
  }

  @FuzzTest(maxDuration = "60s")
  void anyPatternIsRefusedWithAReasonOrMatchesInBoundedWork(FuzzedDataProvider data) {
    String source = data.consumeString(200);
    String text = data.consumeRemainingAsString();
    LinearPattern pattern;
    int size;
    try {
      size = new Program(new PatternParser(source).parse()).size();
      pattern = LinearPattern.compile(source);
    } catch (PatternException e) {
      return;
    }
    assertThat(pattern.work(text)).isLessThanOrEqualTo((text.length() + 1L) * (size + 1L));
  }
}
