@NullMarked
package dev.keystead.keylime.config;

import org.jspecify.annotations.NullMarked;
