package dev.quotary.provider.anthropic;

import dev.quotary.provider.json.Json;

/** What all requests share. */
record MessagesContext(Json json, MessagesEstimating estimating, AnthropicErrors errors) {}
