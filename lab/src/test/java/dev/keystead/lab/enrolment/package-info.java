/** The owner's client with a real registrar, a real verifier and real agents, each on its ports. */
@NullMarked
package dev.keystead.lab.enrolment;

import org.jspecify.annotations.NullMarked;
