/**
 * Importing prices from public price files: reading their forms, doubting what they say, and declaring what is left as own prices.
 *
 * <p>Invariants: numbers are read as decimal text and never rounded; what a file says that cannot be said here is left out and told, never
 * guessed; nothing doubtful is declared unless it was accepted by name.
 */
@NullMarked
package dev.quotary.api.prices;

import org.jspecify.annotations.NullMarked;
