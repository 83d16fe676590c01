package dev.quotary.browser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** What an application does for its end users. */
final class Portal {
    private static final String CHAT =
            "{\"model\": \"gpt-4o-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"Say hello\"}]}";

    private Portal() {}

    /** A token with which a subject looks at its own use. */
    static String token(Demo demo, String subject) {
        var body = "{\"organization\": \"acme\", \"subject\": \"%s\"}".formatted(subject);
        return post(demo.url() + "/api/v1/portal-tokens", demo.adminKey(), body)
                .replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
    }

    /** A call to a provider by the demo's reader. */
    static void call(Demo demo) {
        post(demo.url() + "/openai/v1/chat/completions", demo.readersKey(), CHAT);
    }

    private static String post(String url, String key, String body) {
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
