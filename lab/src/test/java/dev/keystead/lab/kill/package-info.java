/** Servers and agents as processes that are killed at any moment. */
@NullMarked
package dev.keystead.lab.kill;

import org.jspecify.annotations.NullMarked;
