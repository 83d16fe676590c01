/**
 * Anthropic's messages ({@code POST /v1/messages}), as Anthropic and servers that speak like it answer them.
 *
 * <p>The format is read from the types of Anthropic's own SDKs (npm {@code @anthropic-ai/sdk} 1.12, {@code anthropic-java} 3.12) and from
 * recorded exchanges, which are this module's tests. Other than OpenAI's, its counts exclude each other, so that they are copied as they
 * are; and it always reports usage, so that no request is changed.
 */
@NullMarked
package dev.quotary.provider.anthropic;

import org.jspecify.annotations.NullMarked;
