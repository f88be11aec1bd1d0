package dev.keystead.tao.linux;

import dev.keystead.tao.launch.ContentStore;
import dev.keystead.tao.launch.LaunchRecord;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What a host on Linux needs beside its core.
 *
 * @param guard which programs may run
 * @param record where launches are written down
 * @param sockets opens the programs' own sockets
 * @param store for JVMs and jars
 * @param logs a directory, private to the host (0700), for what programs write
 * @param clock the time
 */
public record LinuxHostSettings(
    LaunchGuard guard,
    LaunchRecord record,
    ProgramSocket.Opener sockets,
    ContentStore store,
    Path logs,
    InstantSource clock) {}
