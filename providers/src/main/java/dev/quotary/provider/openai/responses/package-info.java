/**
 * OpenAI's responses ({@code POST /v1/responses}), as OpenAI, xAI and OpenAI-compatible servers speak them.
 *
 * <p>Usage comes with the last state of the response: in the answer, or in the event that ends the stream. Input may lie at the server
 * (earlier responses, conversations, templates): the size of earlier responses is remembered from their answers, and where a size is not
 * known the bound is the largest context of a model.
 */
@NullMarked
package dev.quotary.provider.openai.responses;

import org.jspecify.annotations.NullMarked;
