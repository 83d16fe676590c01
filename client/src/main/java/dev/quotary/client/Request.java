package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request to the usage API.
 *
 * @param path below {@code /api/v1/usage}
 * @param body empty of a GET
 * @param repeat whether the same request may be sent again although it may have had its effect
 */
record Request(String path, Optional<String> body, boolean repeat) {
    static Request get(String path) {
        return new Request(path, Optional.empty(), true);
    }

    /** Whose effect happens once, however often it is sent. */
    static Request post(String path, Json body) {
        return new Request(path, Optional.of(body.toString()), true);
    }

    Request once() {
        return new Request(path, body, false);
    }

    static String reservation(String id, String step) {
        return "/reservations/" + encoded(id) + "/" + step;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
