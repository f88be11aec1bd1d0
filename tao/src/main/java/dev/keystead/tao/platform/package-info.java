/** The report's trusted hardware: a TPM 2.0 as the host at the bottom, and its certification. */
@NullMarked
package dev.keystead.tao.platform;

import org.jspecify.annotations.NullMarked;
