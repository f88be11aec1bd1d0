/** The routes of a server: which path and method, who may use it, and how refusals are told. */
@NullMarked
package dev.keystead.control.rest;

import org.jspecify.annotations.NullMarked;
