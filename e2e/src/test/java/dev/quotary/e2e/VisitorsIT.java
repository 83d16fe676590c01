package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.testkit.postgres.PostgresServer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Anonymous visitors who become accounts, over two packaged servers on one PostgreSQL, one of which dies. */
@Timeout(180)
class VisitorsIT {
    private static final int REPEATS_MAX = 20;

    private static final int VISITORS = 12;
    private static final String PLANS = """
            plans:
              - key: visitor
                limits:
                  - { key: messages, meter: requests, per: subject, window: day, max: 50 }
                  - { key: network, meter: requests, per: network, window: day, max: 100000 }
              - key: member
                limits: [ { key: requests, meter: requests, per: subject, window: month, max: 1000 } ]
            organizations: [ { key: acme, plan: member, anonymous_plan: visitor } ]
            """;

    @TempDir
    private Path folder;

    private final List<Quotary> servers = new ArrayList<>();
    private PostgresServer postgres;
    private String database;
    private String key;

    @BeforeEach
    void start() {
        postgres = PostgresServer.start(Map.of());
        database = postgres.newDatabase();
        key = setup(1).serviceKey(serve(1));
        serve(2);
    }

    @AfterEach
    void stop() {
        servers.forEach(Quotary::close);
        postgres.close();
    }

    private PackagedServer setup(int number) {
        return PackagedServer.sharing(
                folder.resolve("server-" + number), database, URI.create("http://127.0.0.1:9"), PLANS);
    }

    private Quotary serve(int number) {
        var server = setup(number).serve();
        servers.add(server);
        server.url();
        return server;
    }

    private Api api(int server) {
        return new Api(servers.get(server - 1).url(), key);
    }

    private String visitor() {
        return api(1).post("/api/v1/anonymous-sessions", "{\"client_address\":\"203.0.113.7\"}")
                .expect(201)
                .get("subject")
                .asText();
    }

    private static void use(Api api, String subject, int requests) {
        var one = "{\"subject\":\"" + subject + "\",\"quantities\":{\"requests\":1}}";
        api.post("/api/v1/usage/records", "[" + String.join(",", Collections.nCopies(requests, one)) + "]")
                .expect(200);
    }

    private static Api.Answer merge(Api api, String visitor, String into) {
        return api.post("/api/v1/anonymous-sessions/" + visitor + "/merge", "{\"into\":\"" + into + "\"}");
    }

    /** As clients do: who is told that the servers are too busy asks again. On a slow machine two dozen at once keep both busy. */
    private static Api.Answer mergePatiently(Api api, String visitor, String into) {
        var answer = merge(api, visitor, into);
        for (int repeats = 0; answer.status() == 503 && repeats < REPEATS_MAX; repeats++) {
            answer = merge(api, visitor, into);
        }
        return answer;
    }

    private static long used(Api api, String subject) {
        JsonNode status = api.get("/api/v1/usage/status?subject=" + subject).expect(200);
        return Example.limit(status, "requests").get("used").asLong();
    }

    private static Api.Answer reserve(Api api, String subject) {
        return api.post(
                "/api/v1/usage/reservations", "{\"subject\":\"" + subject + "\",\"quantities\":{\"requests\":1}}");
    }

    @Test
    void visitor_whom_two_servers_merge_at_once_into_two_accounts_becomes_one_of_them_once() {
        // Given
        var visitor = visitor();
        use(api(1), visitor, 7);
        use(api(2), visitor, 5);
        // When
        var answers = Together.call(
                24, caller -> mergePatiently(api(1 + caller % 2), visitor, caller % 3 == 0 ? "ada" : "bob"));
        // Then
        var accounts = answers.stream()
                .filter(answer -> answer.status() == 200)
                .map(answer -> answer.json().get("into").asText())
                .distinct()
                .toList();
        assertThat(accounts).hasSize(1);
        assertThat(answers).allMatch(answer -> answer.status() == 200 || answer.status() == 409);
        for (int server = 1; server <= 2; server++) {
            assertThat(used(api(server), accounts.getFirst())).isEqualTo(12);
            assertThat(used(api(server), "ada") + used(api(server), "bob")).isEqualTo(12);
            assertThat(reserve(api(server), visitor).status()).isEqualTo(403);
        }
    }

    @Test
    void call_that_runs_on_one_server_while_another_merges_its_visitor_counts_for_the_account() {
        // Given
        var visitor = visitor();
        use(api(1), visitor, 3);
        var running = reserve(api(1), visitor).expect(201).at("/reservation/id").asText();
        // When
        merge(api(2), visitor, "ada").expect(200);
        long before = used(api(2), "ada");
        api(1).post("/api/v1/usage/reservations/" + running + "/commit", "{}").expect(200);
        // Then
        assertThat(before).isEqualTo(3);
        assertThat(used(api(1), "ada")).isEqualTo(4);
        assertThat(used(api(2), "ada")).isEqualTo(4);
    }

    @Test
    void merges_in_which_a_server_is_killed_are_finished_by_repeating_them_at_another() {
        // Given
        var visitors = IntStream.range(0, VISITORS).mapToObj(_ -> visitor()).toList();
        IntStream.range(0, VISITORS).forEach(i -> use(api(1 + i % 2), visitors.get(i), 1 + i % 5));
        var first = servers.getFirst();
        var answered = ConcurrentHashMap.<String>newKeySet();
        // When
        Together.call(VISITORS, i -> {
            try {
                var answer = merge(api(1 + i % 2), visitors.get(i), "user-" + i);
                if (answer.status() == 200) {
                    answered.add(visitors.get(i));
                }
                if (answered.size() == VISITORS / 4) {
                    first.kill();
                }
                return answer.status();
            } catch (UncheckedIOException _) {
                return 0;
            }
        });
        first.kill().ended();
        // Then
        for (int i = 0; i < VISITORS; i++) {
            merge(api(2), visitors.get(i), "user-" + i).expect(200);
        }
        for (int i = 0; i < VISITORS; i++) {
            assertThat(used(api(2), "user-" + i)).as("user-" + i).isEqualTo(1 + i % 5);
            assertThat(reserve(api(2), visitors.get(i)).status()).isEqualTo(403);
        }
        var verified = setup(2).command(servers.get(1), "verify-ledger");
        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
    }

    @Test
    void start_finishes_what_a_server_left_that_died_before_it_blocked_a_merged_visitor() {
        // Given
        var visitor = visitor();
        use(api(1), visitor, 3);
        merge(api(1), visitor, "ada").expect(200);
        // As if it had died after the ledger had the merge, and before the visitor was blocked.
        var admin = new Api(servers.getFirst().url(), PackagedServer.ADMIN_KEY);
        admin.post("/api/v1/subjects/" + visitor + "/unblock", "{\"organization\":\"acme\"}")
                .expect(200);
        use(api(1), visitor, 2);
        assertThat(used(api(2), "ada")).isEqualTo(3);
        servers.getFirst().kill().ended();
        // When
        serve(1);
        // Then
        var restarted = new Api(servers.getLast().url(), key);
        assertThat(reserve(restarted, visitor).status()).isEqualTo(403);
        Await.until(() -> used(restarted, "ada"), used -> used != 3);
        assertThat(used(restarted, "ada")).isEqualTo(5);
        assertThat(used(api(2), "ada")).isEqualTo(5);
        assertThat(reserve(api(2), visitor).status()).isEqualTo(403);
    }
}
