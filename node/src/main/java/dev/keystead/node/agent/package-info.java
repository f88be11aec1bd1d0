/** The agent as a whole: configured, started, registered, answering on its port. */
@NullMarked
package dev.keystead.node.agent;

import org.jspecify.annotations.NullMarked;
