/**
 * Kills the packaged server while it is under load, again and again, and checks at the end what it had promised.
 *
 * <p>Nothing here uses code of the server: it is a process that is started, talked to over HTTP, and killed.
 */
@NullMarked
package dev.quotary.e2e.crash;

import org.jspecify.annotations.NullMarked;
