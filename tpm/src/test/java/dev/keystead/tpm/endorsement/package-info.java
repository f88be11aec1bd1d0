@NullMarked
package dev.keystead.tpm.endorsement;

import org.jspecify.annotations.NullMarked;
