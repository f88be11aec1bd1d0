/**
 * Which TPM speaks for which agent: a registration is a proposal until the TPM has proved itself.
 */
@NullMarked
package dev.keystead.control.registrar;

import org.jspecify.annotations.NullMarked;
