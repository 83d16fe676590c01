/** Tests over real HTTP: a server on the loopback interface, the engine behind it, the ledger on SQLite. */
@NullMarked
package dev.quotary.api;

import org.jspecify.annotations.NullMarked;
