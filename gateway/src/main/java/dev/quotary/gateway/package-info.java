/**
 * The proxy: an unchanged client's call is admitted, forwarded byte for byte, metered, priced, recorded, and answered.
 *
 * <p>Everything runs on the event loop that accepted the call, whose own HTTP client calls the provider; nothing here blocks. The end
 * of an answer is held back until its usage is durable. Wire formats are {@code dev.quotary.provider}'s business, limits and prices
 * the engine's.
 */
@NullMarked
package dev.quotary.gateway;

import org.jspecify.annotations.NullMarked;
