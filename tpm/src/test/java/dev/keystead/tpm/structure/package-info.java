@NullMarked
package dev.keystead.tpm.structure;

import org.jspecify.annotations.NullMarked;
