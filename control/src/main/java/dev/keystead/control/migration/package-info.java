/**
 * Taking over a Keylime installation: its databases, its authority and its policies are read, never
 * changed, and become stores of ours.
 */
@NullMarked
package dev.keystead.control.migration;

import org.jspecify.annotations.NullMarked;
