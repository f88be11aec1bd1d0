/** Verbs with which a person looks at evidence: {@code keystead evidence …}. */
@NullMarked
package dev.keystead.cli.evidence;

import org.jspecify.annotations.NullMarked;
