@NullMarked
package dev.keystead.cli.ca;

import org.jspecify.annotations.NullMarked;
