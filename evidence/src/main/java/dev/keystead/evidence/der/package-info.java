/** Strict, bounded reading of DER (X.690) where the JDK's own parsers do not reach. */
@NullMarked
package dev.keystead.evidence.der;

import org.jspecify.annotations.NullMarked;
