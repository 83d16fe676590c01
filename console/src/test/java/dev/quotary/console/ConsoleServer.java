package dev.quotary.console;

import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.ApiKey;
import dev.quotary.catalog.Role;
import dev.quotary.http.Answers;
import dev.quotary.http.Authentication;
import dev.quotary.http.KeyRing;
import dev.quotary.http.Sessions;
import dev.quotary.testkit.FakeClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The pages on a real port, and beside them one operation that tells who calls. */
final class ConsoleServer implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    static final String PASSWORD = "correct horse battery";
    static final String ADMIN = "admin-secret-of-the-server";
    static final String READ = "read-secret-of-acme";
    static final String SERVICE = "service-secret-of-acme";

    final FakeClock clock = new FakeClock(NOW);
    final MemoryCatalogStore store = new MemoryCatalogStore();
    final KeyRing ring = new KeyRing();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Authentication authentication;
    private final HttpServer server;

    /** @param given password of the environment; null for none */
    ConsoleServer(@Nullable String given) {
        ring.put(key("key_admin", ADMIN, Role.ADMIN, null));
        ring.put(key("key_read", READ, Role.READ, "acme"));
        ring.put(key("key_service", SERVICE, Role.SERVICE, "acme"));
        var random = new SplittableRandom(7);
        authentication = new Authentication(ring, clock, new Sessions(ring, random, false));
        var passwords = new Passwords(store, random, clock, Optional.ofNullable(given));
        var pages = new ConsolePages(authentication, passwords, clock);
        server = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    if (ConsolePages.serves(request.path())) {
                        pages.handle(request);
                    } else {
                        who(request);
                    }
                })
                .listen(0, "127.0.0.1"));
    }

    private void who(HttpServerRequest request) {
        try {
            var key = authentication.of(request).key();
            Answers.json(request.response(), 200, json -> json.writeString(key.id() + " " + key.role()));
        } catch (RuntimeException e) {
            Answers.problem(request.response(), Answers.problem(e));
        }
    }

    private static ApiKey key(String id, String secret, Role role, @Nullable String organization) {
        return new ApiKey(
                new KeyId(id),
                KeyRing.hash(secret),
                "qk",
                id,
                role,
                organization == null ? null : new OrganizationKey(organization),
                null,
                NOW,
                null,
                List.of(),
                null);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request with headers as name, value, name, value. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> signIn(String proof, String secret) {
        return send("POST", "/console/session", "{\"%s\": \"%s\"}".formatted(proof, secret));
    }

    /** The cookie that an answer sets, as a browser sends it back. */
    static String cookie(HttpResponse<?> answer) {
        var set = answer.headers().firstValue("set-cookie").orElseThrow();
        return set.substring(0, set.indexOf(';'));
    }

    /** A text member of an answer. */
    static String member(HttpResponse<String> answer, String name) {
        var begin = "\"" + name + "\":\"";
        var body = answer.body();
        int at = body.indexOf(begin) + begin.length();
        return body.substring(at, body.indexOf('"', at));
    }

    @Override
    public void close() {
        await(vertx.close());
        client.close();
    }
}
