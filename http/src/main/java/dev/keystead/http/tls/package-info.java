/** Identities of TLS: private keys, X.509 certificates (RFC 5280), authorities, and trust. */
@NullMarked
package dev.keystead.http.tls;

import org.jspecify.annotations.NullMarked;
