/** Bootstrap key, its shares, the payload and the tags that prove them (section 5). */
@NullMarked
package dev.keystead.keylime.bootstrap;

import org.jspecify.annotations.NullMarked;
