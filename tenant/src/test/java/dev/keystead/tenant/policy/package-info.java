/** Tests of the sources of policies. */
@NullMarked
package dev.keystead.tenant.policy;

import org.jspecify.annotations.NullMarked;
