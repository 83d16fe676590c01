package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import dev.quotary.limit.Limiter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limiter that waits for a store is never asked on an event loop; one that answers at once is asked there, without a detour. */
class WaitingLimiterTest {
    /** What endpoints ask; the others are the ledger's. */
    private static final Set<String> ASKED = Set.of("reserve", "extend", "release", "find", "levels");

    private static final String PLANS = """
            plans:
              - key: small
                limits: [ { key: daily, meter: requests, window: day, max: 10 } ]
            organizations:
              - { key: acme, plan: small }
            """;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    @Test
    void limiter_that_waits_is_asked_on_virtual_threads() {
        // Given
        try (var server = ApiServer.in(directory, seen(false))) {
            // When
            askEverything(server);
        }
        // Then
        assertThat(Set.copyOf(asked))
                .isEqualTo(Set.of(
                        "reserve virtual", "extend virtual", "release virtual", "find virtual", "levels virtual"));
    }

    @Test
    void limiter_that_answers_at_once_is_asked_on_the_event_loop() {
        // Given
        try (var server = ApiServer.in(directory, seen(true))) {
            // When
            askEverything(server);
        }
        // Then
        assertThat(Set.copyOf(asked))
                .isEqualTo(Set.of("reserve loop", "extend loop", "release loop", "find loop", "levels loop"));
    }

    private static void askEverything(ApiServer server) {
        assertThat(server.admin().post("/api/v1/apply", PLANS).status()).isEqualTo(200);
        var app = server.as(server.key(Role.SERVICE, "acme", null));
        var reservations = "/api/v1/usage/reservations";
        var body = "{\"subject\":\"ann\",\"quantities\":{\"requests\":1}}";
        assertThat(app.post("/api/v1/usage/check", body).status()).isEqualTo(200);
        var first = app.post(reservations, body).at("reservation/id").replace("\"", "");
        var second = app.post(reservations, body).at("reservation/id").replace("\"", "");
        assertThat(app.get(reservations + "/" + first).status()).isEqualTo(200);
        assertThat(app.post(reservations + "/" + first + "/extend", "{\"quantities\":{\"requests\":1}}")
                        .status())
                .isEqualTo(200);
        assertThat(app.post(reservations + "/" + first + "/commit", "{}").status())
                .isEqualTo(200);
        assertThat(app.post(reservations + "/" + second + "/release", "{}").status())
                .isEqualTo(200);
        assertThat(app.get("/api/v1/usage/status?subject=ann").status()).isEqualTo(200);
        for (var unknown : List.of("/commit", "/extend", "/release")) {
            assertThat(app.post(reservations + "/unknown" + unknown, "{}").status())
                    .isEqualTo(404);
        }
    }

    private UnaryOperator<Limiter> seen(boolean immediate) {
        return limiter -> (Limiter) Proxy.newProxyInstance(
                Limiter.class.getClassLoader(), new Class<?>[] {Limiter.class}, (_, method, arguments) -> {
                    if (method.getName().equals("immediate")) {
                        return immediate;
                    }
                    if (ASKED.contains(method.getName())) {
                        asked.add(method.getName() + (Thread.currentThread().isVirtual() ? " virtual" : " loop"));
                    }
                    try {
                        return method.invoke(limiter, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
