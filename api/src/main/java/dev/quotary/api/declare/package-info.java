/**
 * What operators declare: reading plans files, comparing them with what is stored, and putting them in force.
 *
 * <p>Invariants: a file is taken whole or not at all; what is in force was stored before; a limit that begins to count something begins
 * with what was used already. This package knows no HTTP.
 */
@NullMarked
package dev.quotary.api.declare;

import org.jspecify.annotations.NullMarked;
