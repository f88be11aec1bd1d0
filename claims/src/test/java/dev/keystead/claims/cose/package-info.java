@NullMarked
package dev.keystead.claims.cose;

import org.jspecify.annotations.NullMarked;
