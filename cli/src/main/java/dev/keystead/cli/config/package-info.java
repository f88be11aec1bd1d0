/**
 * Where options come from when the command line does not give them: environment, our configuration
 * file, Keylime's.
 */
@NullMarked
package dev.keystead.cli.config;

import org.jspecify.annotations.NullMarked;
