/** Registrar: registration, credential activation, records (section 3). */
@NullMarked
package dev.keystead.keylime.registration;

import org.jspecify.annotations.NullMarked;
