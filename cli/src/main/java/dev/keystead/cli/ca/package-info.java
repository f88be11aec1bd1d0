/** {@code keystead ca}: certificates and their revocation. */
@NullMarked
package dev.keystead.cli.ca;

import org.jspecify.annotations.NullMarked;
