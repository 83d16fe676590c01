package dev.quotary.e2e.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Speaks to one server with one key, over connections that are kept. Safe for many threads. */
final class Api implements Asking, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(threads)
            .build();
    private final Supplier<String> base;
    private final String key;

    Api(String base, String key) {
        this(() -> base, key);
    }

    /** @param base asked for every request anew */
    Api(Supplier<String> base, String key) {
        this.base = base;
        this.key = key;
    }

    /** An answer that came whole. */
    record Answer(int status, String body, Optional<String> event) {
        boolean ok() {
            return status == 200 || status == 201;
        }

        Json json() {
            return Json.parse(body);
        }

        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    @Override
    public Answer get(String path) throws IOException {
        return send(request(path).GET());
    }

    /** @throws IOException if the answer did not come, or not whole: what the request did is then unknown */
    Answer post(String path, String body, Map<String, String> headers) throws IOException {
        var request = request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return send(request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base.get() + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + key);
    }

    private Answer send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(), response.body(), response.headers().firstValue("X-Quotary-Event"));
        } catch (HttpTimeoutException e) {
            // A server that is up and does not answer is a fault of its own kind, not a lost answer.
            throw new UncheckedIOException("no answer within " + TIMEOUT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
