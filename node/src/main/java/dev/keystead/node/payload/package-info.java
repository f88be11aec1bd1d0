/** What the owner delivers: confined, checked, unpacked, run. */
@NullMarked
package dev.keystead.node.payload;

import org.jspecify.annotations.NullMarked;
