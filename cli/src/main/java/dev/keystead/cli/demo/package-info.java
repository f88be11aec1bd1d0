/** {@code keystead demo}: three machines trusted, watched, and one of them cut off, for real. */
@NullMarked
package dev.keystead.cli.demo;

import org.jspecify.annotations.NullMarked;
