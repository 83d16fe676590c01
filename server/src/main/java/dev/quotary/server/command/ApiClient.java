package dev.quotary.server.command;

import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Talks to a running server for the commands that need one. */
final class ApiClient {
    private static final String JSON = "application/json";

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @Option(names = "--url", description = "The running server (default: $QUOTARY_URL, else http://127.0.0.1:8080).")
    private @Nullable String url;

    @Option(names = "--key", description = "API key (default: $QUOTARY_ADMIN_KEY).")
    private @Nullable String key;

    private String otherwise = "http://127.0.0.1:8080";

    /** Sets where the server is if nobody says it. */
    ApiClient at(String address) {
        otherwise = address;
        return this;
    }

    Value get(String path) {
        return send(request(path).GET());
    }

    Value post(String path, String contentType, String body) {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
    }

    Value put(String path, String contentType, String body) {
        return send(request(path).header("Content-Type", contentType).PUT(BodyPublishers.ofString(body)));
    }

    Value delete(String path) {
        return send(request(path).DELETE());
    }

    Value postJson(String path, Answers.Writer body) {
        return post(path, JSON, text(body));
    }

    Value putJson(String path, Answers.Writer body) {
        return put(path, JSON, text(body));
    }

    /**
     * An answer that may be long, as it comes.
     *
     * @throws IOException if it breaks off while it is read; not if it does not begin
     */
    InputStream download(String path) throws IOException {
        // Not closed: it would wait for what is still to be read. It goes with the process, which ends with the export.
        var client = HttpClient.newHttpClient();
        try {
            var response = client.send(request(path).GET().build(), BodyHandlers.ofInputStream());
            if (response.statusCode() >= 400) {
                try (var body = response.body()) {
                    throw refused(response.statusCode(), body.readAllBytes());
                }
            }
            return response.body();
        } catch (ConnectException _) {
            throw noServer();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted.");
        }
    }

    private static CommandFailure refused(int status, byte[] body) {
        try {
            var detail = Documents.json(body).fields().string("detail").orElse("");
            return new CommandFailure("The server refused (" + status + "): " + detail);
        } catch (InvalidInputException _) {
            return new CommandFailure("What answers is no Quotary server (status " + status + ").");
        }
    }

    private CommandFailure noServer() {
        return new CommandFailure(
                "No server answers at " + base() + ". Start one with 'quotary serve', or give --url.");
    }

    private static String text(Answers.Writer body) {
        return new String(Answers.bytes(body), StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        var secret = Optional.ofNullable(key)
                .or(() -> Optional.ofNullable(System.getenv("QUOTARY_ADMIN_KEY")))
                .orElseThrow(() -> new CommandFailure("Show the admin key: set QUOTARY_ADMIN_KEY, or give --key."));
        return HttpRequest.newBuilder(URI.create(base() + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + secret);
    }

    private String base() {
        var base = Optional.ofNullable(url)
                .or(() -> Optional.ofNullable(System.getenv("QUOTARY_URL")))
                .orElse(otherwise);
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    private Value send(HttpRequest.Builder request) {
        try (var client = HttpClient.newHttpClient()) {
            return answer(client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException _) {
            throw noServer();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted.");
        }
    }

    private static Value answer(HttpResponse<byte[]> response) {
        var value = value(response);
        if (response.statusCode() >= 400) {
            var detail = value.isObject() ? value.fields().string("detail").orElse("") : "";
            throw new CommandFailure("The server refused (" + response.statusCode() + "): " + detail);
        }
        return value;
    }

    private static Value value(HttpResponse<byte[]> response) {
        try {
            return Documents.json(response.body());
        } catch (InvalidInputException _) {
            throw new CommandFailure("What answers is no Quotary server (status " + response.statusCode() + ").");
        }
    }
}
