/** Taking over other installations: {@code keystead migrate}. */
@NullMarked
package dev.keystead.cli.migrate;

import org.jspecify.annotations.NullMarked;
