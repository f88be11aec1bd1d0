/** The command line run in process, over real boots. */
@NullMarked
package dev.keystead.cli;

import org.jspecify.annotations.NullMarked;
