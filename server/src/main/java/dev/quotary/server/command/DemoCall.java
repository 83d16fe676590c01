package dev.quotary.server.command;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A call of the demo's traffic, in its provider's own words.
 *
 * @param path behind the server's address
 * @param body with the place of a text
 */
record DemoCall(String path, String body) {
    private static final List<DemoCall> ALL = List.of(
            chat("openai", "gpt-4o-mini"),
            chat("openai", "gpt-5.6-luna"),
            chat("openai", "gpt-4.1-mini"),
            chat("xai", "grok-4.5"),
            message("claude-haiku-4-5"),
            message("claude-sonnet-4-6"),
            content("gemini-2.5-flash"));

    private static DemoCall chat(String provider, String model) {
        return new DemoCall("/" + provider + "/v1/chat/completions", """
                {"model": "%s", "max_completion_tokens": 1000, "messages": [{"role": "user", "content": "%%s"}]}
                """.formatted(model));
    }

    private static DemoCall message(String model) {
        return new DemoCall("/anthropic/v1/messages", """
                {"model": "%s", "max_tokens": 1000, "messages": [{"role": "user", "content": "%%s"}]}
                """.formatted(model));
    }

    private static DemoCall content(String model) {
        return new DemoCall("/gemini/v1beta/models/" + model + ":generateContent", """
                {"contents": [{"role": "user", "parts": [{"text": "%s"}]}], "generationConfig": {"maxOutputTokens": 1000}}
                """);
    }

    static DemoCall any(RandomGenerator random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    /** To a server, with a text that tells the simulated provider what to report. */
    HttpRequest.Builder request(String url, String key, String text) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("anthropic-version", "2023-06-01")
                .POST(BodyPublishers.ofString(body.formatted(text)));
    }
}
