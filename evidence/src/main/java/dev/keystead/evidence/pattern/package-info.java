/** Regular expressions that match in time linear in the text, whoever wrote them. */
@NullMarked
package dev.keystead.evidence.pattern;

import org.jspecify.annotations.NullMarked;
