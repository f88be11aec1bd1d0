/** Tests of keystead's verbs. */
@NullMarked
package dev.keystead.cli.manual;

import org.jspecify.annotations.NullMarked;
