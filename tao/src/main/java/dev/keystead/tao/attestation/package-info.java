/** What hosts sign, who may sign what, and how a third party verifies it (docs/tao.md). */
@NullMarked
package dev.keystead.tao.attestation;

import org.jspecify.annotations.NullMarked;
