/** Fronts that take the options of Keylime's own programs, for people who have scripts. */
@NullMarked
package dev.keystead.cli.keylime;

import org.jspecify.annotations.NullMarked;
