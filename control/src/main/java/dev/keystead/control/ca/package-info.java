/** The software authority: certificates for nodes, and their revocation when a node fails. */
@NullMarked
package dev.keystead.control.ca;

import org.jspecify.annotations.NullMarked;
