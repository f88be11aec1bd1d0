/** What programs have said, verified by whoever has the policy key. */
@NullMarked
package dev.keystead.cli.attestation;

import org.jspecify.annotations.NullMarked;
