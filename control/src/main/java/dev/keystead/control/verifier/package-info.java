/** Watches nodes: asks for evidence, has it appraised, decides, and records before it acts. */
@NullMarked
package dev.keystead.control.verifier;

import org.jspecify.annotations.NullMarked;
