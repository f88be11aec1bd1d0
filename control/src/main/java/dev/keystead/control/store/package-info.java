/** Where the control plane keeps its state: rows in one database, written by one writer. */
@NullMarked
package dev.keystead.control.store;

import org.jspecify.annotations.NullMarked;
