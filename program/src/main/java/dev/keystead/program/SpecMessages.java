package dev.keystead.program;

import dev.keystead.program.api.Executable;
import dev.keystead.program.api.Java;
import dev.keystead.program.api.Script;
import dev.keystead.tao.ProgramSpec;
import dev.keystead.tao.ProgramSpec.Confinement;
import dev.keystead.tao.ProgramSpec.Identity;
import dev.keystead.tao.ProgramSpec.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** What to start, on the wire. */
public final class SpecMessages {
  private SpecMessages() {}

  /** The message for a specification. */
  public static dev.keystead.program.api.ProgramSpec message(ProgramSpec spec) {
    var message =
        dev.keystead.program.api.ProgramSpec.newBuilder()
            .addAllArguments(spec.arguments())
            .putAllEnvironment(spec.environment())
            .setUid(spec.identity().uid())
            .setGid(spec.identity().gid())
            .addAllGroups(spec.identity().groups())
            .setConfinement(spec.confinement().name().toLowerCase(Locale.ROOT));
    return switch (spec.program()) {
      case ProgramSpec.Executable executable ->
          message
              .setExecutable(Executable.newBuilder().setFile(executable.file().toString()))
              .build();
      case ProgramSpec.Script script ->
          message
              .setScript(
                  Script.newBuilder()
                      .setInterpreter(script.interpreter().toString())
                      .setScript(script.script().toString()))
              .build();
      case ProgramSpec.Java java ->
          message
              .setJava(
                  Java.newBuilder()
                      .setHome(java.home().toString())
                      .addAllJars(java.jars().stream().map(Path::toString).toList())
                      .setMainClass(java.mainClass())
                      .addAllOptions(java.options()))
              .build();
    };
  }

  /**
   * The specification of a message.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ProgramSpec spec(dev.keystead.program.api.ProgramSpec message) {
    List<Integer> groups = message.getGroupsList();
    return new ProgramSpec(
        program(message),
        message.getArgumentsList(),
        new TreeMap<>(message.getEnvironmentMap()),
        new Identity(message.getUid(), message.getGid(), groups),
        confinement(message.getConfinement()));
  }

  private static Program program(dev.keystead.program.api.ProgramSpec message) {
    return switch (message.getProgramCase()) {
      case EXECUTABLE -> new ProgramSpec.Executable(Path.of(message.getExecutable().getFile()));
      case SCRIPT ->
          new ProgramSpec.Script(
              Path.of(message.getScript().getInterpreter()),
              Path.of(message.getScript().getScript()));
      case JAVA -> {
        Java java = message.getJava();
        yield new ProgramSpec.Java(
            Path.of(java.getHome()),
            java.getJarsList().stream().map(Path::of).toList(),
            java.getMainClass(),
            java.getOptionsList());
      }
      case PROGRAM_NOT_SET -> throw new IllegalArgumentException("there is no program to start");
    };
  }

  private static Confinement confinement(String name) {
    return name.isEmpty() ? Confinement.BASE : Confinement.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
