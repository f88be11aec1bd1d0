@NullMarked
package dev.keystead.control.verifier;

import org.jspecify.annotations.NullMarked;
