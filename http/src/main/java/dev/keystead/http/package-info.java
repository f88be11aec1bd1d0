/** HTTP/1.1 over mutual TLS on event loops: server, client, certificates. */
@NullMarked
package dev.keystead.http;

import org.jspecify.annotations.NullMarked;
