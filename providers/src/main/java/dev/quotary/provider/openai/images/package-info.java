/**
 * OpenAI's images ({@code POST /v1/images/generations}, {@code /v1/images/edits}): JSON or forms in, whole answers or streams with partial
 * images out. Newer models report tokens, older ones are priced per image.
 */
@NullMarked
package dev.quotary.provider.openai.images;

import org.jspecify.annotations.NullMarked;
