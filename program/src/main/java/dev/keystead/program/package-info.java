/** What a hosted program links to reach its host. */
@NullMarked
package dev.keystead.program;

import org.jspecify.annotations.NullMarked;
