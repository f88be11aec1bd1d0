/**
 * The structures of TPM 2.0 Part 2 that evidence is made of, as values: parsed once, whole and
 * strictly (unknown selectors, wrong sizes and trailing bytes are errors).
 */
@NullMarked
package dev.keystead.tpm.structure;

import org.jspecify.annotations.NullMarked;
