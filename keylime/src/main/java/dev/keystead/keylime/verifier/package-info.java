/** Verifier: enrolment, policies of PCRs, states and status (section 7). */
@NullMarked
package dev.keystead.keylime.verifier;

import org.jspecify.annotations.NullMarked;
