/** Agent: quotes and what comes with them (section 4). */
@NullMarked
package dev.keystead.keylime.quote;

import org.jspecify.annotations.NullMarked;
