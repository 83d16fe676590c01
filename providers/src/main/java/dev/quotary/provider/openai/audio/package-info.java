/**
 * OpenAI's audio: transcriptions and translations ({@code POST /v1/audio/transcriptions}, {@code /translations}), which are billed by
 * tokens or by seconds, and speech ({@code /v1/audio/speech}), whose answer is sound and is billed by the characters it was made from.
 *
 * <p>Seconds are whole: a fraction that a provider reports is rounded up here, once, and nowhere else.
 */
@NullMarked
package dev.quotary.provider.openai.audio;

import org.jspecify.annotations.NullMarked;
