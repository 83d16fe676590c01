package dev.quotary.provider.gemini;

import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;

/** What all requests share. */
record GeminiContext(Json json, Tokenizers tokenizers, GeminiErrors errors) {}
