@NullMarked
package dev.keystead.keylime.push;

import org.jspecify.annotations.NullMarked;
