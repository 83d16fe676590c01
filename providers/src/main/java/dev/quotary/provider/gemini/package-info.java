/**
 * Google's Gemini API: {@code generateContent}, {@code streamGenerateContent} as server-sent events and as one JSON array, and embeddings,
 * as the Gemini API and Vertex AI speak them. It knows how Gemini counts tokens, words its errors and names what a call cost.
 *
 * <p>The API is Protocol Buffers written as JSON: every name may come in lower camel case or with underscores, and a number that is 0 may
 * be left out.
 */
@NullMarked
package dev.quotary.provider.gemini;

import org.jspecify.annotations.NullMarked;
