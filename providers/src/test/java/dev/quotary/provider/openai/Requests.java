package dev.quotary.provider.openai;

import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.text.Tokenizers;
import java.nio.charset.StandardCharsets;

/** Reads requests in tests. */
final class Requests {
    static final RequestHead TARGET = RequestHead.post("/v1/chat/completions");

    private static final Tokenizers TOKENIZERS = new Tokenizers();

    private static final OpenAiChat OPENAI = format(ChatDialect.OPENAI);

    private Requests() {}

    static OpenAiChat format(ChatDialect dialect) {
        return new OpenAiChat(dialect, TOKENIZERS);
    }

    static OpenAiShared context() {
        return OPENAI.shared();
    }

    static RequestReading read(String body) {
        return OPENAI.readRequest(TARGET, body.getBytes(StandardCharsets.UTF_8));
    }

    static ProviderRequest parsed(OpenAiChat format, byte[] body) {
        return switch (format.readRequest(TARGET, body)) {
            case Parsed(ProviderRequest request) -> request;
            case Rejected rejected ->
                throw new AssertionError(rejected + " for " + new String(body, StandardCharsets.UTF_8));
        };
    }

    static ProviderRequest parsed(String body) {
        return parsed(OPENAI, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A valid request with one more member. */
    static String with(String member) {
        return "{\"model\":\"gpt-6\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + member + "}";
    }
}
