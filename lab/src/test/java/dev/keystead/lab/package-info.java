/** What holds for the house as a whole: its borders, and its programs run as a user runs them. */
@NullMarked
package dev.keystead.lab;

import org.jspecify.annotations.NullMarked;
