/**
 * OpenAI's embeddings ({@code POST /v1/embeddings}), as OpenAI and OpenAI-compatible servers speak them: nothing is written, so the
 * input is all that counts.
 */
@NullMarked
package dev.quotary.provider.openai.embeddings;

import org.jspecify.annotations.NullMarked;
