package dev.keystead.tao.linux;

import dev.keystead.tao.host.HostView;
import dev.keystead.tao.launch.StartedProgram;

/** A program of the table, with what only the host may touch. */
record RunningProgram(
    HostedProgram program, StartedProgram started, ProgramSocket socket, HostView view) {}
