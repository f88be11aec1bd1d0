/** What a policy can be made from: file trees, initrds, package repositories; read from disk. */
@NullMarked
package dev.keystead.tenant.policy;

import org.jspecify.annotations.NullMarked;
