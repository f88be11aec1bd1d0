/** Deterministic CBOR, RFC 8949, 4.2.1. */
@NullMarked
package dev.keystead.claims.cbor;

import org.jspecify.annotations.NullMarked;
