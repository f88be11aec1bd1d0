/** Manual pages and shell completion, made from the verbs themselves. */
@NullMarked
package dev.keystead.cli.manual;

import org.jspecify.annotations.NullMarked;
