/** Events and the messages that revoke an agent (sections 6 and 7.3). */
@NullMarked
package dev.keystead.keylime.revocation;

import org.jspecify.annotations.NullMarked;
