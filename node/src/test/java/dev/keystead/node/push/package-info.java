@NullMarked
package dev.keystead.node.push;

import org.jspecify.annotations.NullMarked;
