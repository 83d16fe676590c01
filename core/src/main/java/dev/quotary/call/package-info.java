/**
 * Who calls, and in which context: the keys of organizations, subjects and API keys, and the dimensions of a use.
 *
 * <p>Everything here is a value. This package decides nothing.
 */
@NullMarked
package dev.quotary.call;

import org.jspecify.annotations.NullMarked;
