/** Where secrets rest: private files, and a directory that is memory and nothing else. */
@NullMarked
package dev.keystead.node.secure;

import org.jspecify.annotations.NullMarked;
