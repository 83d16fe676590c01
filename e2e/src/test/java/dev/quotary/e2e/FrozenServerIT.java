package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose process is stopped for longer than its lease, and goes on as if no time had passed (SIGSTOP, SIGCONT). */
@Timeout(180)
class FrozenServerIT {
    private static final int CALLERS = 8;
    private static final int MAXIMUM_TOGETHER = 2_000;
    private static final int MAXIMUM_ALONE = 5;
    private static final String PLANS = """
            plans:
              - key: team
                limits: [ { key: calls, meter: requests, per: organization, window: lifetime, max: %d } ]
            organizations:
              - { key: acme, plan: team }
            """;
    private static final String RESERVE = "/api/v1/usage/reservations";

    @TempDir
    private Path folder;

    private PostgresServer postgres;
    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(60, 40)));
        postgres = PostgresServer.start(Map.of());
    }

    @AfterEach
    void stop() {
        provider.close();
        postgres.close();
    }

    private PackagedServer setup(String name, String database, int maximum) {
        return PackagedServer.sharing(folder.resolve(name), database, provider.baseUrl(), PLANS.formatted(maximum));
    }

    private PackagedServer alone(String name, String database) {
        var setup = setup(name, database, MAXIMUM_ALONE);
        setup.environment().put("QUOTARY_LIMITER_URL", "memory:");
        return setup;
    }

    private static void signal(String name, Quotary server) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(server.id()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(exit).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String reservation(String id) {
        return "{\"id\":\"" + id + "\",\"subject\":\"ada\",\"quantities\":{\"requests\":1},\"ttl_seconds\":600}";
    }

    private static JsonNode calls(Api api) {
        return api.get("/api/v1/usage/status?subject=ada")
                .expect(200)
                .get("limits")
                .get(0);
    }

    private void awaitLeaseOver(String database) {
        Await.until(
                () -> postgres.number(
                        database, "SELECT count(*) FROM server_lease WHERE expires_at > clock_timestamp()"),
                count -> count == 0);
    }

    @Test
    void server_that_decided_alone_admits_nothing_more_once_another_does() {
        // Given
        var database = postgres.newDatabase();
        var setup = alone("frozen", database);
        try (var frozen = setup.serve()) {
            var key = setup.serviceKey(frozen);
            var before = new Api(frozen.url(), key);
            before.post(RESERVE, reservation("before")).expect(201);
            signal("STOP", frozen);
            var late = IntStream.range(0, CALLERS)
                    .mapToObj(caller -> RawClient.connect(frozen.port())
                            .send(Ask.post(RESERVE, reservation("late-" + caller))
                                    .key(key)))
                    .toList();
            awaitLeaseOver(database);
            try (var next = alone("next", database).serve()) {
                var api = new Api(next.url(), key);
                for (int i = 0; i < MAXIMUM_ALONE - 1; i++) {
                    api.post(RESERVE, reservation("next-" + i)).expect(201);
                }
                // When
                signal("CONT", frozen);
                var lateAnswers =
                        late.stream().map(client -> client.answer().status()).toList();
                var afterwards = before.post(RESERVE, reservation("afterwards"));
                var declared = new Api(frozen.url(), PackagedServer.ADMIN_KEY)
                        .post("/api/v1/apply", "application/yaml", PLANS.formatted(1));
                var committed = before.post(RESERVE + "/before/commit", "{}");
                late.forEach(RawClient::close);
                // Then
                assertThat(lateAnswers).hasSize(CALLERS).containsOnly(503);
                assertThat(afterwards.status()).isEqualTo(503);
                assertThat(declared.status()).isEqualTo(503);
                // What it had admitted was used all the same. The one that decides now finds it in the ledger, and its
                // reconciler will take it in; that is a test of its own.
                committed.expect(200);
                assertThat(calls(api).get("held").asInt()).isEqualTo(MAXIMUM_ALONE - 1);
                assertThat(calls(api).get("max").asInt()).isEqualTo(MAXIMUM_ALONE);
                var compared = new Api(next.url(), PackagedServer.ADMIN_KEY)
                        .post("/api/v1/admin/verify-counters", "{}")
                        .expect(200);
                assertThat(compared.get("different").asInt()).isEqualTo(1);
                assertThat(compared.get("differences").get(0).get("expected").asInt())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void server_that_shares_its_decisions_goes_on_by_what_the_others_have_decided_meanwhile() {
        // Given
        var database = postgres.newDatabase();
        var setup = setup("frozen", database, MAXIMUM_TOGETHER);
        try (var frozen = setup.serve();
                var living = setup("living", database, MAXIMUM_TOGETHER).serve()) {
            var key = setup.serviceKey(frozen);
            var onFrozen = new Api(frozen.url(), key);
            var onLiving = new Api(living.url(), key);
            var some = new CountDownLatch(MAXIMUM_TOGETHER / 20);
            var admitted = new AtomicInteger();
            var filling = CompletableFuture.supplyAsync(
                    () -> fill(onFrozen, "frozen", admitted, some::countDown), Thread::startVirtualThread);
            await(some);
            signal("STOP", frozen);
            var others = fill(onLiving, "living", admitted, () -> {});
            awaitDead(database);
            // When
            signal("CONT", frozen);
            var statuses = filling.join();
            // Then
            assertThat(others).containsOnly("402");
            assertThat(statuses).containsOnly("402");
            assertThat(admitted.get()).isEqualTo(MAXIMUM_TOGETHER);
            assertThat(calls(onFrozen).get("held").asInt()).isEqualTo(MAXIMUM_TOGETHER);
            assertThat(calls(onLiving).get("held").asInt()).isEqualTo(MAXIMUM_TOGETHER);
        }
    }

    /** The provider waits for the test, and the servers wait for the provider. */
    private CountDownLatch slowProvider(PackagedServer... servers) {
        var mayAnswer = new CountDownLatch(1);
        provider.answers((_, to) -> {
            if (mayAnswer.await(100, TimeUnit.SECONDS)) {
                to.whole(200, List.of(), Chat.bytes(Chat.answer(60, 40)));
            }
        });
        for (var server : servers) {
            server.configure(text -> text.replace("timeout: 20s", "timeout: 150s"));
        }
        return mayAnswer;
    }

    private static Ask call(String key) {
        return Ask.post(TestServer.CHAT, Chat.CAPPED).key(key).with("X-Quotary-Subject", "ada");
    }

    private long events(String database) {
        return postgres.number(database, "SELECT count(*) FROM usage_event");
    }

    @Test
    void call_that_runs_through_a_server_that_decided_alone_and_froze_is_recorded_as_what_it_used() {
        // Given
        var database = postgres.newDatabase();
        var setup = alone("frozen", database);
        var mayAnswer = slowProvider(setup);
        try (var frozen = setup.serve();
                var client = RawClient.connect(frozen.port())) {
            var key = setup.serviceKey(frozen);
            client.send(call(key));
            provider.taken();
            signal("STOP", frozen);
            awaitLeaseOver(database);
            try (var next = alone("next", database).serve()) {
                var onNext = new Api(next.url(), key);
                // When
                mayAnswer.countDown();
                signal("CONT", frozen);
                var answer = client.answer();
                // Then
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo(Chat.answer(60, 40));
                var event = onNext.get("/api/v1/usage/events/"
                                + answer.header("X-Quotary-Event").orElseThrow())
                        .expect(200);
                assertThat(event.get("outcome").asText()).isEqualTo("success");
                assertThat(event.get("source").asText()).isEqualTo("provider");
                assertThat(event.at("/quantities/tokens").asLong()).isEqualTo(100);
                assertThat(events(database)).isEqualTo(1);
            }
        }
    }

    @Test
    void call_that_runs_through_a_server_that_is_taken_for_dead_is_charged_once_and_answered() {
        // Given
        var database = postgres.newDatabase();
        var setup = setup("frozen", database, MAXIMUM_TOGETHER);
        var mayAnswer = slowProvider(setup);
        try (var frozen = setup.serve();
                var living = setup("living", database, MAXIMUM_TOGETHER).serve();
                var client = RawClient.connect(frozen.port())) {
            var key = setup.serviceKey(frozen);
            client.send(call(key));
            provider.taken();
            signal("STOP", frozen);
            awaitDead(database);
            Await.until(Duration.ofSeconds(60), () -> events(database), count -> count == 1);
            // When
            mayAnswer.countDown();
            signal("CONT", frozen);
            var answer = client.answer();
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo(Chat.answer(60, 40));
            for (var server : List.of(living, frozen)) {
                var api = new Api(server.url(), key);
                var event = api.get("/api/v1/usage/events/"
                                + answer.header("X-Quotary-Event").orElseThrow())
                        .expect(200);
                assertThat(event.get("outcome").asText()).isEqualTo("interrupted");
                assertThat(event.get("source").asText()).isEqualTo("estimate");
                assertThat(calls(api).get("used").asInt()).isEqualTo(1);
                assertThat(calls(api).get("held").asInt()).isZero();
            }
            assertThat(events(database)).isEqualTo(1);
        }
    }

    /** The frozen server's entry among those that share the database has run out. */
    private void awaitDead(String database) {
        Await.until(
                () -> postgres.number(database, "SELECT count(*) FROM node WHERE alive_until >= now()"),
                living -> living <= 1);
    }

    /** Reserves until there is no room; returns how each caller was answered last. */
    private static List<String> fill(Api api, String name, AtomicInteger admitted, Runnable each) {
        return Together.call(CALLERS, caller -> {
            for (int i = 0; ; i++) {
                var id = name + "-" + caller + "-" + i;
                var answer = api.post(RESERVE, reservation(id));
                if (answer.status() != 201) {
                    return Integer.toString(answer.status());
                }
                var decision = answer.json().get("decision").asText();
                if (decision.equals("allowed_unmetered")) {
                    return decision;
                }
                admitted.incrementAndGet();
                each.run();
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
