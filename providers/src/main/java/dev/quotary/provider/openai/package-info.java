/**
 * OpenAI's chat completions ({@code POST /v1/chat/completions}) and legacy completions, as OpenAI, xAI and OpenAI-compatible servers speak
 * them; and what the other formats of the API, in packages of their own beside this one, have in common with them.
 *
 * <p>The format is read from the types of OpenAI's own SDKs (npm {@code openai} 7.57, {@code openai-java} 4.101) and from recorded
 * exchanges, which are this module's tests. What servers do differently is in {@link dev.quotary.provider.openai.ChatDialect}.
 */
@NullMarked
package dev.quotary.provider.openai;

import org.jspecify.annotations.NullMarked;
