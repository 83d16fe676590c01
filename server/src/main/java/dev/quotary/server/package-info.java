/**
 * The composition root: command line, configuration, wiring, start and stop. The only place where the real clock and real randomness
 * enter, and the only module that sees every other.
 */
@NullMarked
package dev.quotary.server;

import org.jspecify.annotations.NullMarked;
