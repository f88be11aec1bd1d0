@NullMarked
package dev.keystead.claims;

import org.jspecify.annotations.NullMarked;
