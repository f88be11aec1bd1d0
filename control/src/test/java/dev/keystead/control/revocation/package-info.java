@NullMarked
package dev.keystead.control.revocation;

import org.jspecify.annotations.NullMarked;
