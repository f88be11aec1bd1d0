package dev.keystead.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The borders between the rooms (docs/architecture.md), as tests. */
class BordersTest {
  private static final String[] JDK = {"java..", "javax..", "org.jspecify.annotations.."};

  /** Which rooms a room may know; its own packages go without saying. */
  private static final Map<String, List<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("tpm", List.of()),
          Map.entry("claims", List.of()),
          Map.entry("evidence", List.of("tpm.structure")),
          Map.entry("tao", List.of("tpm", "claims")),
          Map.entry("http", List.of()),
          Map.entry("keylime", List.of("tpm", "evidence", "http")),
          Map.entry("program", List.of("tpm", "claims", "tao")),
          Map.entry("control", List.of("tpm", "claims", "evidence", "tao", "http", "keylime")),
          Map.entry(
              "node", List.of("tpm", "claims", "evidence", "tao", "http", "keylime", "program")),
          Map.entry("tenant", List.of("tpm", "claims", "evidence", "http", "keylime")),
          Map.entry(
              "cli",
              List.of(
                  "tpm",
                  "claims",
                  "evidence",
                  "tao",
                  "http",
                  "keylime",
                  "program",
                  "control",
                  "node",
                  "tenant")));

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.keystead");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tpm",
        "claims",
        "evidence",
        "tao",
        "http",
        "keylime",
        "program",
        "control",
        "node",
        "tenant",
        "cli"
      })
  void aRoomKnowsOnlyTheRoomsBelowIt(String room) {
    List<String> known = new ArrayList<>(List.of("dev.keystead." + room + ".."));
    MAY_KNOW.getOrDefault(room, List.of()).forEach(r -> known.add("dev.keystead." + r + ".."));
    noClasses()
        .that()
        .resideInAPackage("dev.keystead." + room + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.keystead..")
                .and(DescribedPredicate.not(resideInAnyPackage(known.toArray(String[]::new)))))
        .check(HOUSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tpm", "claims", "evidence", "tao"})
  void theTrustedCoreUsesTheJdkAlone(String room) {
    List<String> allowed = new ArrayList<>(List.of(JDK));
    allowed.add("dev.keystead..");
    classes()
        .that()
        .resideInAPackage("dev.keystead." + room + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new))
        .check(HOUSE);
  }

  @Test
  void evidenceDoesNoInputOrOutput() {
    DescribedPredicate<JavaClass> inMemory =
        type(java.io.ByteArrayInputStream.class)
            .or(type(java.io.ByteArrayOutputStream.class))
            .or(type(java.io.InputStream.class))
            .or(type(java.io.OutputStream.class))
            .or(type(java.io.IOException.class))
            .or(type(java.io.UncheckedIOException.class))
            .or(type(java.io.Serializable.class));
    noClasses()
        .that()
        .resideInAPackage("dev.keystead.evidence..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .and(DescribedPredicate.not(inMemory)))
        .check(HOUSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tpm", "claims", "evidence", "tao"})
  void theTrustedCoreHasNoClockButTheOneHandedIn(String room) {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("dev.keystead." + room + "..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.time.Clock.class, "systemUTC")
            .orShould()
            .callMethod(java.time.Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(java.time.InstantSource.class, "system")
            .orShould()
            .callConstructor(java.util.Date.class);
    rule.check(HOUSE);
  }

  @Test
  void nothingLivesInAPackageNamedForNothing() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..utils..",
            "..common..",
            "..helper..",
            "..helpers..",
            "..manager..",
            "..impl..",
            "..misc..")
        .check(HOUSE);
  }

  @Test
  void thePackagesOfTheTrustedCoreAreFreeOfCycles() {
    slices().matching("dev.keystead.tpm.(*)..").should().beFreeOfCycles().check(HOUSE);
    slices().matching("dev.keystead.claims.(*)..").should().beFreeOfCycles().check(HOUSE);
    slices().matching("dev.keystead.evidence.(*)..").should().beFreeOfCycles().check(HOUSE);
    slices().matching("dev.keystead.tao.(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void theImporterSeesEveryRoom() {
    assertThat(MAY_KNOW.keySet())
        .allSatisfy(room ->
            assertThat(HOUSE).anyMatch(c -> c.getPackageName().startsWith("dev.keystead." + room)));
  }
}
