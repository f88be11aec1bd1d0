@NullMarked
package dev.keystead.cli.config;

import org.jspecify.annotations.NullMarked;
