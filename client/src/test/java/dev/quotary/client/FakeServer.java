package dev.quotary.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server that answers as a test tells it, also as no server should, and keeps what it was asked. */
final class FakeServer implements AutoCloseable {
    static final Reply GRANTED = Reply.of(201, """
            {"allowed":true,"decision":"allowed","estimated_cost":"0.01","limits":[],"warnings":[],
             "reservation":{"id":"rsv_1","expires_at":"2026-11-22T10:01:00Z"}}""");
    static final Reply COMMITTED = Reply.of(200, """
            {"event_id":"evt_1","quantities":{"tokens":12},"cost":"0.001","estimate":null,"late":false,"receipt":null}""");
    static final Reply RECORDED = Reply.of(200, """
            {"recorded":1,"duplicates":0,"events":[{"id":"evt_2","cost":"0.002","duplicate":false}]}""");
    static final Reply BREAKS_OFF = Reply.of(0, "");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Function<Asked, Reply> script;

    record Asked(String method, String path, String body, String authorization) {}

    record Reply(int status, String body, Map<String, String> headers) {
        static Reply of(int status, String body) {
            return new Reply(status, body, Map.of());
        }

        static Reply problem(int status, String code, String pointer) {
            return of(
                    status,
                    "{\"status\":%d,\"code\":\"%s\",\"detail\":\"told\",\"pointer\":\"%s\"}"
                            .formatted(status, code, pointer));
        }
    }

    private FakeServer(HttpServer server, Function<Asked, Reply> script) {
        this.server = server;
        this.script = script;
    }

    static FakeServer answering(Function<Asked, Reply> script) {
        return answering(0, script);
    }

    static FakeServer answering(int port, Function<Asked, Reply> script) {
        try {
            var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
            var fake = new FakeServer(http, script);
            http.setExecutor(fake.threads);
            http.createContext("/", fake::handle);
            http.start();
            return fake;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As Quotary does where all goes well. */
    static Reply well(Asked asked) {
        if (asked.path().endsWith("/commit")) {
            return COMMITTED;
        }
        return asked.path().endsWith("/records") ? RECORDED : GRANTED;
    }

    FakeServer then(Function<Asked, Reply> other) {
        script = other;
        return this;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<String> bodies() {
        return asked.stream().map(Asked::body).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            var one = new Asked(
                    exchange.getRequestMethod(), exchange.getRequestURI().toString(), body, key);
            asked.add(one);
            var reply = script.apply(one);
            if (reply.status() == 0) {
                return;
            }
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            var bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
