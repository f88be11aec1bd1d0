/**
 * The owner's client: it proves an agent's identity, enrols it with the verifier, gives it its half
 * of the bootstrap key and the payload, and asks how it stands.
 */
@NullMarked
package dev.keystead.tenant;

import org.jspecify.annotations.NullMarked;
