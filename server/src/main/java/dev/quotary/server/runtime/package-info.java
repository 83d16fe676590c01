/** Wiring, start and stop of one server, by plain constructor calls. */
@NullMarked
package dev.quotary.server.runtime;

import org.jspecify.annotations.NullMarked;
