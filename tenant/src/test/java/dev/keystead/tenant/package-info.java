/** Tests of the owner's client. */
@NullMarked
package dev.keystead.tenant;

import org.jspecify.annotations.NullMarked;
