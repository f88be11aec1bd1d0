/** Verbs that set up and run hosts, and run programs on them. */
@NullMarked
package dev.keystead.cli.host;

import org.jspecify.annotations.NullMarked;
