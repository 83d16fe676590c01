/**
 * What is known of providers and of the ways to them: addresses, keys, how long to wait, how often to ask again, where to go instead.
 *
 * <p>Invariants: a key is shown to its own provider alone; a key or an address that fails is left alone for a bounded time only. It opens no
 * connections: the package above does.
 */
@NullMarked
package dev.quotary.gateway.upstream;

import org.jspecify.annotations.NullMarked;
