@NullMarked
package dev.keystead.tpm;

import org.jspecify.annotations.NullMarked;
