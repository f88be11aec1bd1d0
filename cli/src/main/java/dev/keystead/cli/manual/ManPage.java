package dev.keystead.cli.manual;

import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a verb in roff (man(7)). */
final class ManPage {
  private final StringBuilder out = new StringBuilder();

  private ManPage() {}

  static String of(CommandSpec spec) {
    return new ManPage().page(spec);
  }

  private String page(CommandSpec spec) {
    String name = spec.qualifiedName("-");
    out.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1\n");
    String[] description = spec.usageMessage().description();
    section("NAME");
    text(name + " - " + (description.length == 0 ? spec.qualifiedName() : description[0]));
    section("SYNOPSIS");
    text(
        new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF))
            .synopsis(0)
            .replaceAll("\\s+", " ")
            .strip());
    section("DESCRIPTION");
    for (String paragraph : description) {
      text(paragraph);
      out.append(".PP\n");
    }
    if (!spec.positionalParameters().isEmpty() || !spec.options().isEmpty()) {
      section("OPTIONS");
      spec.positionalParameters().forEach(this::parameter);
      spec.options().stream().filter(option -> !option.hidden()).forEach(this::option);
    }
    if (!spec.subcommands().isEmpty()) {
      section("VERBS");
      spec.subcommands().values().stream().distinct().forEach(this::verb);
    }
    section("EXIT STATUS");
    text(
        "0 trusted or done, 1 not trusted or refused, 2 wrong usage, 3 input that cannot be read.");
    return out.toString();
  }

  private void parameter(PositionalParamSpec parameter) {
    item(parameter.paramLabel(), parameter.description());
  }

  private void option(OptionSpec option) {
    String names = String.join(", ", option.names());
    boolean value = option.arity().max() > 0;
    item(value ? names + " " + option.paramLabel() : names, option.description());
  }

  private void verb(CommandLine below) {
    item(below.getCommandName(), below.getCommandSpec().usageMessage().description());
  }

  private void item(String head, String... description) {
    out.append(".TP\n.B ").append(escaped(head)).append('\n');
    text(
        java.util.Arrays.stream(description)
            .map(line -> line.replace("%n", " ").replace("%%", "%"))
            .collect(Collectors.joining(" ")));
  }

  private void section(String name) {
    out.append(".SH ").append(name).append('\n');
  }

  private void text(String text) {
    out.append(escaped(text)).append('\n');
  }

  /** A line may not begin with a dot or quote, and a backslash is roff's own. */
  private static String escaped(String text) {
    String safe = text.replace("\\", "\\e").replace("-", "\\-").replace("\n", " ");
    return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
  }
}
