/**
 * What the wire formats of LLM providers have in common: bytes in, facts about usage and cost out.
 *
 * <p>A {@link dev.quotary.provider.WireFormat} reads a request before it is forwarded, reads the usage out of the answer, whole or as
 * a stream, and words refusals the way the provider's own clients expect them. Invariants: bytes that need no change are passed on
 * unchanged; a count that contradicts another is reported as broken, never repaired; nothing here throws because of what a client or
 * a provider sent. This package opens no sockets, starts no threads, reads no clock and knows no prices.
 */
@NullMarked
package dev.quotary.provider;

import org.jspecify.annotations.NullMarked;
