/** What programs that other people wrote say about the same bytes. */
@NullMarked
package dev.keystead.lab.opinion;

import org.jspecify.annotations.NullMarked;
