/** Verbs with which a hosted program speaks to its host. */
@NullMarked
package dev.keystead.cli.tao;

import org.jspecify.annotations.NullMarked;
