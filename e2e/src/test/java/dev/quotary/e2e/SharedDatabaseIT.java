package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.testkit.postgres.PostgresServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several packaged servers on one PostgreSQL: none is special, and together they keep every limit. */
@Timeout(180)
class SharedDatabaseIT {
    private static final int CALLERS = 24;
    private static final int EACH = 20;
    private static final int ROUNDS = 5;
    private static final long MAXIMUM = 200;
    private static final String PLANS = """
            plans:
              - key: team
                limits:
                  - { key: calls, meter: requests, per: organization, window: lifetime, max: %d }
                  - { key: tokens, meter: tokens, per: subject, window: month, max: 1000000 }
            organizations:
              - { key: acme, plan: team }
            """;

    @TempDir
    private Path folder;

    private final List<Quotary> servers = new ArrayList<>();
    private CannedProvider provider;
    private PostgresServer postgres;
    private String database;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(60, 40)));
        postgres = PostgresServer.start(java.util.Map.of());
        database = postgres.newDatabase();
    }

    @AfterEach
    void stop() {
        servers.forEach(Quotary::close);
        provider.close();
        postgres.close();
    }

    private PackagedServer setup(int number) {
        return PackagedServer.sharing(
                folder.resolve("server-" + number), database, provider.baseUrl(), PLANS.formatted(MAXIMUM));
    }

    /** Starts a server of its own folder; the same number again is the same server, restarted. */
    private Quotary serve(int number) {
        var server = setup(number).serve();
        servers.add(server);
        server.url();
        return server;
    }

    private String key(Quotary server) {
        return setup(1).serviceKey(server);
    }

    @Test
    void three_servers_admit_up_to_a_limit_together_and_not_once_beyond() {
        // Given
        var key = key(serve(1));
        serve(2);
        serve(3);
        var apis = servers.stream().map(server -> new Api(server.url(), key)).toList();
        // When
        var granted = Together.call(CALLERS, caller -> {
            int count = 0;
            for (int i = 0; i < EACH; i++) {
                var api = apis.get((caller + i) % apis.size());
                var id = "r-" + caller + "-" + i;
                int status =
                        api.post("/api/v1/usage/reservations", reservation(id)).status();
                assertThat(status).isIn(201, 402);
                if (status == 201) {
                    count++;
                    // Every other one is settled by a server that did not admit it.
                    if (i % 2 == 0) {
                        apis.get((caller + i + 1) % apis.size())
                                .post("/api/v1/usage/reservations/" + id + "/commit", "{}")
                                .expect(200);
                    }
                }
            }
            return count;
        });
        // Then
        assertThat(granted.stream().mapToInt(Integer::intValue).sum()).isEqualTo((int) MAXIMUM);
        var first = calls(apis.getFirst());
        assertThat(first.get("used").asLong() + first.get("held").asLong()).isEqualTo(MAXIMUM);
        assertThat(calls(apis.get(1))).isEqualTo(first);
        assertThat(calls(apis.get(2))).isEqualTo(first);
        assertThat(postgres.number(database, "SELECT count(*) FROM usage_event"))
                .isEqualTo(first.get("used").asLong());
    }

    @Test
    void change_made_on_one_server_counts_for_the_next_call_on_another() {
        // Given
        var one = serve(1);
        var two = serve(2);
        var key = key(one);
        var admin = new Api(one.url(), PackagedServer.ADMIN_KEY);
        var app = new Api(two.url(), key);
        app.post("/api/v1/usage/reservations", reservation("r1")).expect(201);
        // When
        admin.post("/api/v1/subjects/ada/block", "{\"organization\":\"acme\"}").expect(200);
        var blocked = app.post("/api/v1/usage/reservations", reservation("r2"));
        admin.post("/api/v1/subjects/ada/unblock", "{\"organization\":\"acme\"}")
                .expect(200);
        var unblocked = app.post("/api/v1/usage/reservations", reservation("r2"));
        admin.post("/api/v1/apply", "application/yaml", PLANS.formatted(2)).expect(200);
        var lowered = app.post("/api/v1/usage/reservations", reservation("r3"));
        // Then
        assertThat(blocked.status()).isEqualTo(403);
        assertThat(unblocked.status()).isEqualTo(201);
        assertThat(lowered.status()).isEqualTo(402);
        // The key was made on the first server, and another on the second is good on the first at once.
        assertThat(new Api(one.url(), key(two))
                        .get("/api/v1/usage/status?subject=ada")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void of_two_who_change_what_they_have_read_on_two_servers_one_is_refused() {
        // Given
        var admins = List.of(
                new Api(serve(1).url(), PackagedServer.ADMIN_KEY), new Api(serve(2).url(), PackagedServer.ADMIN_KEY));
        for (int round = 0; round < ROUNDS; round++) {
            var tag = admins.getFirst().get("/api/v1/plans/team").header("etag").orElseThrow();
            int base = 2 * round;
            // When
            var statuses = Together.call(
                    2,
                    caller -> Api.send(admins.get(caller)
                                    .request("/api/v1/plans/team")
                                    .header("If-Match", tag)
                                    .method(
                                            "PATCH",
                                            BodyPublishers.ofString("{\"priority\":" + (base + caller + 1) + "}")))
                            .status());
            // Then
            assertThat(statuses).containsExactlyInAnyOrder(200, 412);
        }
        assertThat(admins.getLast().get("/api/v1/plans/team").json())
                .isEqualTo(admins.getFirst().get("/api/v1/plans/team").json());
        admins.getFirst()
                .post("/api/v1/subjects?organization=acme", "{\"key\":\"gone\"}")
                .expect(201);
        assertThat(Api.send(admins.getLast()
                                .request("/api/v1/subjects/gone?organization=acme")
                                .header("If-Match", "*")
                                .DELETE())
                        .status())
                .isEqualTo(204);
        assertThat(admins.getFirst()
                        .get("/api/v1/subjects/gone?organization=acme")
                        .json()
                        .get("declared")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void what_a_killed_server_left_is_taken_up_by_another_and_recorded_once() {
        // Given
        var over = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(over);
        });
        var dies = serve(1);
        var lives = serve(2);
        var key = key(dies);
        var api = new Api(lives.url(), key);
        new Api(dies.url(), key)
                .post("/api/v1/usage/reservations", reservation("r1"))
                .expect(201);
        String event;
        try (var client = RawClient.connect(dies.port())) {
            var head = client.send(Ask.post("/v1/chat/completions", Chat.STREAMED)
                            .key(key)
                            .with("X-Quotary-Subject", "ada"))
                    .head();
            client.chunks(1);
            event = head.header("X-Quotary-Event").orElseThrow();
            assertThat(calls(api).get("held").asLong()).isEqualTo(2);
            // When
            dies.kill().ended();
        }
        over.countDown();
        // Then: the reservation of a client lives on, and may be settled anywhere.
        var calls = awaitLonger(api);
        assertThat(calls.get("used").asLong()).isEqualTo(1);
        assertThat(calls.get("held").asLong()).isEqualTo(1);
        var recorded = api.get("/api/v1/usage/events/" + event).expect(200);
        assertThat(recorded.get("outcome").asText()).isEqualTo("interrupted");
        assertThat(recorded.get("source").asText()).isEqualTo("estimate");
        api.post("/api/v1/usage/reservations/r1/commit", "{}").expect(200);
        assertThat(calls(new Api(serve(1).url(), key)).get("used").asLong()).isEqualTo(2);
        assertThat(postgres.number(database, "SELECT count(*) FROM usage_event"))
                .isEqualTo(2);
        assertThat(postgres.number(database, "SELECT count(*) FROM reservation WHERE state = 1"))
                .isZero();
    }

    @Test
    void restarted_server_settles_at_once_what_its_last_run_was_doing() {
        // Given
        var over = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(Chat.chunk("Hello")));
            to.await(over);
        });
        var server = serve(1);
        var key = key(server);
        try (var client = RawClient.connect(server.port())) {
            client.send(Ask.post("/v1/chat/completions", Chat.STREAMED).key(key).with("X-Quotary-Subject", "ada"))
                    .head();
            client.chunks(1);
            server.kill().ended();
        }
        over.countDown();
        // When
        var again = serve(1);
        // Then
        var calls = calls(new Api(again.url(), key));
        assertThat(calls.get("used").asLong()).isEqualTo(1);
        assertThat(calls.get("held").asLong()).isZero();
    }

    @Test
    void server_that_decides_in_its_own_memory_is_kept_apart_from_those_that_share() {
        // Given
        var sharing = serve(1);
        var alone = setup(2);
        alone.environment().put("QUOTARY_LIMITER_URL", "memory:");
        // When
        var refused = alone.serve().ended();
        sharing.terminate().ended();
        try (var first = alone.serve()) {
            first.url();
            var second = setup(1).serve().ended();
            // Then
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("in use by servers that decide about limits in it");
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.err()).contains("in use by a server that decides about limits in its own memory");
        }
    }

    @Test
    void database_that_is_killed_stops_nobody_and_what_passed_meanwhile_is_recorded() {
        // Given
        var one = serve(1);
        var two = serve(2);
        var key = key(one);
        var api = new Api(two.url(), key);
        api.post("/api/v1/usage/reservations", reservation("r1")).expect(201);
        // When
        postgres.stopImmediately();
        var unmetered =
                api.post("/api/v1/usage/reservations", reservation("r2")).expect(201);
        var answered = RawClient.exchange(
                one.port(),
                Ask.post("/v1/chat/completions", Chat.CAPPED).key(key).with("X-Quotary-Subject", "ada"));
        var refused = api.post("/api/v1/usage/reservations/r2/commit", "{}");
        postgres.start();
        // Then
        assertThat(unmetered.get("decision").asText()).isEqualTo("allowed_unmetered");
        assertThat(answered.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(503);
        Await.until(() -> api.post("/api/v1/usage/reservations/r2/commit", "{}").status(), status -> status == 200);
        var calls = Await.until(() -> calls(api), status -> status.get("used").asLong() == 2);
        assertThat(calls.get("held").asLong()).isEqualTo(1);
        api.post("/api/v1/usage/reservations/r1/commit", "{}").expect(200);
        assertThat(postgres.number(database, "SELECT count(*) FROM usage_event"))
                .isEqualTo(3);
    }

    private static String reservation(String id) {
        return "{\"id\":\"" + id + "\",\"subject\":\"ada\",\"quantities\":{\"requests\":1},\"ttl_seconds\":600}";
    }

    private static JsonNode calls(Api api) {
        for (var limit : api.get("/api/v1/usage/status?subject=ada").expect(200).get("limits")) {
            if (limit.get("limit").asText().equals("calls")) {
                return limit;
            }
        }
        throw new AssertionError("no limit 'calls'");
    }

    /** A lease, and then as long again until nobody is taken for dead by mistake. */
    private static JsonNode awaitLonger(Api api) {
        for (int attempt = 0; ; attempt++) {
            try {
                return Await.until(
                        () -> calls(api), status -> status.get("used").asLong() == 1);
            } catch (AssertionError e) {
                if (attempt == 2) {
                    throw e;
                }
            }
        }
    }
}
