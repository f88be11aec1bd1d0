/** HMAC and policy sessions: salted, bound, encrypting. */
@NullMarked
package dev.keystead.tpm.session;

import org.jspecify.annotations.NullMarked;
