/** Tests. */
@NullMarked
package dev.keystead.keylime.bootstrap;

import org.jspecify.annotations.NullMarked;
