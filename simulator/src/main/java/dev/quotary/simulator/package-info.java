/**
 * A simulated provider: speaks the formats of OpenAI's chat completions and of Anthropic's messages, plain and streaming, with the token counts, waits, errors and
 * cut streams that the caller asks for. It exists for demos and for users' own tests.
 *
 * <p>Invariants: the same request gets the same text, counts and failure; only its ids and time differ, and these come from a
 * counter and the injected clock. Nothing blocks: every call lives on one event loop. Every wait, body and answer has a maximum.
 *
 * <p>It does not know Quotary: it meters, limits and prices nothing, and keeps nothing but the number of calls that arrived.
 */
@NullMarked
package dev.quotary.simulator;

import org.jspecify.annotations.NullMarked;
