/** Making policies. */
@NullMarked
package dev.keystead.cli.policy;

import org.jspecify.annotations.NullMarked;
