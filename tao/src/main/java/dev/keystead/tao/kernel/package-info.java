/**
 * The Linux system calls that the JDK does not offer, on x86-64. Every failure is an IOException
 * with the call's name and errno.
 */
@NullMarked
package dev.keystead.tao.kernel;

import org.jspecify.annotations.NullMarked;
