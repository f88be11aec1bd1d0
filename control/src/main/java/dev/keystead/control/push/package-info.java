/** The push model: agents open sessions, prove their key, and bring their evidence (section 11). */
@NullMarked
package dev.keystead.control.push;

import org.jspecify.annotations.NullMarked;
