/** Who the agent is: its TPM's keys, its own keys, and quotes by them. */
@NullMarked
package dev.keystead.node.identity;

import org.jspecify.annotations.NullMarked;
