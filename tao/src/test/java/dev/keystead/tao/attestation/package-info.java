@NullMarked
package dev.keystead.tao.attestation;

import org.jspecify.annotations.NullMarked;
