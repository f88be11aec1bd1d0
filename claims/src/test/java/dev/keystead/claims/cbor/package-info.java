@NullMarked
package dev.keystead.claims.cbor;

import org.jspecify.annotations.NullMarked;
