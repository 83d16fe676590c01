/**
 * The server's keys at its providers, as operators set them while it runs: sealed, stored, and told to whoever shows them.
 *
 * <p>Invariants: a key is never stored but sealed, and never given back; what cannot be opened is not touched.
 */
@NullMarked
package dev.quotary.api.provider;

import org.jspecify.annotations.NullMarked;
