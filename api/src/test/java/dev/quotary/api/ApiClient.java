package dev.quotary.api;

import dev.quotary.http.Documents;
import dev.quotary.http.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Calls the API over HTTP; every answer is held against the contract. */
final class ApiClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final OpenApiCheck CONTRACT = OpenApiCheck.ofResource("/openapi.yaml");

    private final int port;
    private final String key;
    private final List<String> headers = new ArrayList<>();

    ApiClient(int port, String key) {
        this.port = port;
        this.key = key;
    }

    /** What came back. */
    record Answer(int status, Map<String, List<String>> headers, String body) {
        Value json() {
            return Documents.json(body);
        }

        /** The text of the value at a path such as {@code limits/0/max}; {@code null} as text for null. */
        String at(String path) {
            var value = json();
            for (var step : path.split("/", -1)) {
                value = value.isList()
                        ? value.items().get(Integer.parseInt(step))
                        : value.fields().find(step).orElse(Documents.json("null"));
            }
            return value.isText() ? value.string() : value.json();
        }

        String header(String name) {
            return String.join("|", headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
        }
    }

    /** This client with a header more. */
    ApiClient with(String name, String value) {
        var other = new ApiClient(port, key);
        other.headers.addAll(headers);
        other.headers.addAll(List.of(name, value));
        return other;
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    Answer post(String path, String body) {
        return send("POST", path, body);
    }

    Answer send(String method, String path, String body) {
        var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            builder.header("Authorization", "Bearer " + key);
        }
        for (int i = 0; i < headers.size(); i += 2) {
            builder.header(headers.get(i), headers.get(i + 1));
        }
        try {
            var response = HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
            var answer = new Answer(response.statusCode(), response.headers().map(), response.body());
            CONTRACT.check(new OpenApiCheck.Exchanged(
                    method, path, body, answer.status(), answer.header("content-type"), answer.body()));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
