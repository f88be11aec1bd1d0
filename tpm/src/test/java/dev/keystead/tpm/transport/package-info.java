@NullMarked
package dev.keystead.tpm.transport;

import org.jspecify.annotations.NullMarked;
