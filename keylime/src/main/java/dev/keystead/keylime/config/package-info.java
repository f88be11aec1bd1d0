/** Keylime's own configuration files, read as they are. */
@NullMarked
package dev.keystead.keylime.config;

import org.jspecify.annotations.NullMarked;
