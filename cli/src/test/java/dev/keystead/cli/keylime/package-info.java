/** Tests of keystead's verbs. */
@NullMarked
package dev.keystead.cli.keylime;

import org.jspecify.annotations.NullMarked;
