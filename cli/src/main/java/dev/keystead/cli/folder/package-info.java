/** A boot's evidence as a folder of files. */
@NullMarked
package dev.keystead.cli.folder;

import org.jspecify.annotations.NullMarked;
