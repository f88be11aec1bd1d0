/** Push agents with the real servers, each part a process of its own. */
@NullMarked
package dev.keystead.lab.push;

import org.jspecify.annotations.NullMarked;
