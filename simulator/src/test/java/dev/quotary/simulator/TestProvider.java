package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.SimulatedProvider.Options;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A provider on a free port of the loopback device, its clock standing still, and a client for it. */
final class TestProvider implements AutoCloseable {
    static final long WAIT_SECONDS = 20;
    static final long NOW_SECONDS = 1_795_300_000;
    private static final String HOST = "127.0.0.1";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SimulatedProvider provider;

    private TestProvider(Optional<SimulatedProvider.Key> key, Optional<Delays> delays) {
        var options = new Options(HOST, 0, InstantSource.fixed(Instant.ofEpochSecond(NOW_SECONDS)), key);
        provider = await(SimulatedProvider.start(vertx, options, delays.orElseGet(() -> Delays.of(vertx))));
    }

    static TestProvider open() {
        return new TestProvider(Optional.empty(), Optional.empty());
    }

    static TestProvider locked(String key) {
        return new TestProvider(Optional.of(new SimulatedProvider.Key(key)), Optional.empty());
    }

    static TestProvider delayedBy(Delays delays) {
        return new TestProvider(Optional.empty(), Optional.of(delays));
    }

    SimulatedProvider provider() {
        return provider;
    }

    HttpClient http() {
        return http;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + provider.port() + path))
                .timeout(Duration.ofSeconds(WAIT_SECONDS));
    }

    HttpRequest.Builder chat(String body) {
        return request("/v1/chat/completions").POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(chat(body));
    }

    /** A connection on which a whole chat request has been sent, for tests that look at bare bytes or hang up. */
    Socket posted(String body) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), provider.port());
        socket.setSoTimeout(Math.toIntExact(TimeUnit.SECONDS.toMillis(WAIT_SECONDS)));
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = "POST /v1/chat/completions HTTP/1.1\r\nhost: " + HOST + "\r\ncontent-length: " + bytes.length
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
        return socket;
    }

    static ObjectNode json(HttpResponse<String> response) {
        return Json.object(response.body().getBytes(StandardCharsets.UTF_8));
    }

    /** A request with one user message. */
    static String asking(String text) {
        return asking(text, "");
    }

    /** @param more further members, each with a comma before it */
    static String asking(String text, String more) {
        return "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + more
                + "}";
    }

    static String resource(String name) {
        try (var in = TestProvider.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no test resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        http.shutdownNow();
        await(provider.close());
        await(vertx.close());
    }
}
