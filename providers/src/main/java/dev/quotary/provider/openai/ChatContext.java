package dev.quotary.provider.openai;

import dev.quotary.provider.json.Json;

/** What all chat requests of one dialect share. */
record ChatContext(Json json, ChatDialect dialect, ChatEstimating estimating, OpenAiErrors errors) {}
