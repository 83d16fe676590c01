package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify-ledger} and {@code rebuild} as operators run them, beside the packaged server and without it. */
@Timeout(120)
class VerifyLedgerIT {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");
    private static final String RECORD = """
            { "id": "%s", "subject": "%s", "time": "2026-01-15T10:20:00Z", "model": "m",
              "quantities": { "requests": 1, "tokens.input": %d }, "cost": "0.5" }""";

    @TempDir
    private Path folder;

    @Test
    void what_is_damaged_is_named_and_rebuilt() throws SQLException {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE);
        try (var server = setup.serve()) {
            var api = new Api(server.url(), setup.serviceKey(server));
            api.post("/api/v1/usage/records", RECORD.formatted("r1", "ada", 10)).expect(200);
            api.post("/api/v1/usage/records", RECORD.formatted("r2", "bob", 7)).expect(200);
            server.terminate().ended();
        }
        // When
        var before = Quotary.run(folder, setup.environment(), "verify-ledger");
        damage("UPDATE usage_hour SET tokens = 11 WHERE subject = 'ada'");
        damage("UPDATE window_sum SET used = 1 WHERE scope_value = 'bob' AND counted LIKE 'tokens|%'");
        var damaged = Quotary.run(folder, setup.environment(), "verify-ledger");
        var json = Quotary.run(folder, setup.environment(), "verify-ledger", "--json");
        var dryRun = Quotary.run(folder, setup.environment(), "rebuild", "--dry-run");
        var rebuilt = Quotary.run(folder, setup.environment(), "rebuild");
        var after = Quotary.run(folder, setup.environment(), "verify-ledger");
        // Then
        var rollup = "rollup acme hour=2026-01-15T10:00:00Z subject=ada model=m sum=tokens: expected 10, found 11";
        var sum = "window_sum acme counted=tokens|subject|month| scope_value=bob window_start=2026-01-01T00:00:00Z:"
                + " expected 7, found 1";
        assertThat(before.exit()).isZero();
        assertThat(before.out()).isEqualTo("2 events, 2 hourly rollups, 4 window sums: no difference");
        assertThat(damaged.exit()).isEqualTo(1);
        assertThat(damaged.out().lines())
                .containsExactly(rollup, sum, "2 events, 2 hourly rollups, 4 window sums: 2 differences");
        assertThat(json.exit()).isEqualTo(1);
        var document = Api.json(json.out());
        assertThat(document.get("clean").asBoolean()).isFalse();
        assertThat(document.get("complete").asBoolean()).isTrue();
        assertThat(document.get("different").asLong()).isEqualTo(2);
        assertThat(document.at("/differences/0/key/sum").asText()).isEqualTo("tokens");
        assertThat(document.at("/differences/1/what").asText()).isEqualTo("window_sum");
        assertThat(document.at("/differences/1/expected").asLong()).isEqualTo(7);
        assertThat(document.at("/differences/1/found").asLong()).isEqualTo(1);
        assertThat(dryRun.out()).contains(rollup, sum, "2 differences would be mended");
        assertThat(rebuilt.exit()).isZero();
        assertThat(rebuilt.out()).contains(rollup, sum, "2 differences mended");
        assertThat(after.exit()).isZero();
    }

    @Test
    void beside_a_running_server_its_counters_are_compared_and_nothing_is_rebuilt() throws SQLException {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE);
        try (var server = setup.serve()) {
            var api = new Api(server.url(), setup.serviceKey(server));
            api.post(
                            "/api/v1/usage/records",
                            "{ \"id\": \"r1\", \"subject\": \"ada\", \"quantities\": { \"requests\": 3 } }")
                    .expect(200);
            // When
            var clean = setup.command(server, "verify-ledger");
            damage("UPDATE window_sum SET used = 2 WHERE scope_value = 'ada'");
            var damaged = setup.command(server, "verify-ledger");
            var offline = setup.command(server, "verify-ledger", "--offline");
            var rebuild = setup.command(server, "rebuild");
            // Then
            assertThat(clean.out()).endsWith("1 counters of the running server: no difference");
            assertThat(clean.exit()).isZero();
            assertThat(damaged.exit()).isEqualTo(1);
            assertThat(damaged.out().lines().filter(line -> line.startsWith("counter ")))
                    .singleElement()
                    .asString()
                    .endsWith(": expected 2, found 3");
            assertThat(damaged.out().lines().filter(line -> line.startsWith("window_sum ")))
                    .singleElement()
                    .asString()
                    .endsWith(": expected 3, found 2");
            assertThat(offline.out()).doesNotContain("counter");
            assertThat(rebuild.exit()).isEqualTo(1);
            assertThat(rebuild.err()).contains("A server is using this data. Stop it");
        }
    }

    @Test
    void entries_that_wait_for_the_next_start_are_told_and_change_no_exit_code() throws SQLException {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE);
        String key;
        try (var server = setup.serve()) {
            key = setup.serviceKey(server);
            var api = new Api(server.url(), key);
            api.post("/api/v1/usage/records", RECORD.formatted("r1", "ada", 10)).expect(200);
            Await.until(this::eventsInDatabase, events -> events == 1);
            try (var lock = connection();
                    var statement = lock.createStatement()) {
                // Nothing can be folded now, and what is acknowledged waits beside the database.
                statement.execute("BEGIN IMMEDIATE");
                api.post("/api/v1/usage/records", RECORD.formatted("r2", "bob", 7))
                        .expect(200);
                server.kill().ended();
                statement.execute("ROLLBACK");
            }
        }
        // When
        var killed = Quotary.run(folder, setup.environment(), "verify-ledger");
        var json = Quotary.run(folder, setup.environment(), "verify-ledger", "--json");
        Quotary.Ended beside;
        try (var server = setup.serve()) {
            beside = setup.command(server, "verify-ledger");
            server.terminate().ended();
        }
        var after = Quotary.run(folder, setup.environment(), "verify-ledger");
        // Then
        assertThat(killed.exit()).isZero();
        assertThat(killed.out().lines().toList().getFirst())
                .isEqualTo("1 events, 1 hourly rollups, 2 window sums: no difference");
        assertThat(killed.out().lines().toList().getLast())
                .startsWith("not compared: entries that wait for the next start of the server, in quotary.db-intake-");
        assertThat(json.exit()).isZero();
        assertThat(Api.json(json.out()).at("/not_compared/0").asText()).startsWith("quotary.db-intake-");
        assertThat(beside.out()).doesNotContain("not compared");
        assertThat(after.exit()).isZero();
        assertThat(after.out()).isEqualTo("2 events, 2 hourly rollups, 4 window sums: no difference");
    }

    private int eventsInDatabase() {
        try (var connection = connection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM usage_event")) {
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connection() throws SQLException {
        var file = folder.resolve("data").resolve("quotary.db");
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Test
    void what_cannot_be_read_is_neither_clean_nor_different() {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE);
        // When
        var nothing = Quotary.run(folder, setup.environment(), "verify-ledger", "--data", "nowhere");
        var noOption = Quotary.run(folder, setup.environment(), "verify-ledger", "--nonsense");
        Quotary.Ended noKey;
        try (var server = setup.serve()) {
            setup.environment().remove("QUOTARY_ADMIN_KEY");
            noKey = setup.command(server, "verify-ledger", "--json");
        }
        // Then
        assertThat(nothing.exit()).isEqualTo(2);
        assertThat(nothing.err()).contains("there is no database");
        assertThat(folder.resolve("nowhere")).doesNotExist();
        assertThat(noOption.exit()).isEqualTo(2);
        assertThat(noKey.exit()).isEqualTo(2);
        assertThat(noKey.err()).contains("Show the admin key");
        assertThat(Api.json(noKey.out()).get("clean").asBoolean()).isFalse();
        assertThat(Api.json(noKey.out()).get("complete").asBoolean()).isFalse();
    }

    private void damage(String sql) throws SQLException {
        try (var connection = connection();
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute(sql);
        }
    }
}
