package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that takes no events for a while: nobody waits for it, nothing is admitted over a limit, and nothing is lost. */
@Timeout(60)
class OutageIT {
    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((request, to) -> {
            if (request.text().contains("\"stream\":true")) {
                to.begin(200, Chat.EVENT_STREAM);
                to.piece(Chat.bytes(Chat.end(8, 1)));
                to.end();
            } else {
                to.whole(200, List.of(), Chat.bytes(Chat.answer(8, 1)));
            }
        });
        server = TestServer.start(
                directory,
                Setup.of(provider.baseUrl(), "{ key: calls, meter: requests, per: subject, window: day, max: 2 }"));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {Chat.CAPPED, Chat.STREAMED})
    void call_is_recorded_and_counted_while_the_database_takes_no_events_for_the_log_takes_them(String body)
            throws SQLException {
        // Given
        failEveryEvent();
        // When
        var answer = server.chat("ada", body);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        var limit = Await.until(
                () -> server.limit("ada", "calls"), status -> status.get("used").asLong() > 0);
        assertThat(limit.get("used").asLong()).isEqualTo(1);
        assertThat(limit.get("held").asLong()).isZero();
        takeEventsAgain();
        assertThat(server.event(answer).at("/quantities/tokens").asLong()).isEqualTo(9);
        assertThat(server.limit("ada", "calls").get("used").asLong()).isEqualTo(1);
    }

    @Test
    void limit_holds_while_the_ledger_fails() throws SQLException {
        // Given
        failEveryEvent();
        server.chat("ada", Chat.CAPPED);
        server.chat("ada", Chat.CAPPED);
        // When
        var third = server.chat("ada", Chat.CAPPED);
        // Then
        assertThat(third.status()).isEqualTo(402);
        assertThat(provider.calls()).isEqualTo(2);
    }

    @Test
    void commit_is_not_acknowledged_while_the_ledger_fails_and_its_repetition_counts_once() throws SQLException {
        // Given
        var api = server.api();
        api.post("/api/v1/usage/reservations", "{\"id\":\"r1\",\"subject\":\"ada\",\"quantities\":{\"requests\":1}}")
                .expect(201);
        failEveryEvent();
        // When
        var failed = api.post("/api/v1/usage/reservations/r1/commit", "{}");
        takeEventsAgain();
        var repeated = api.post("/api/v1/usage/reservations/r1/commit", "{}");
        var again = api.post("/api/v1/usage/reservations/r1/commit", "{}");
        // Then
        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.json().get("code").asText()).isEqualTo("STORE_UNAVAILABLE");
        assertThat(repeated.expect(200).get("event_id"))
                .isEqualTo(again.expect(200).get("event_id"));
        assertThat(server.limit("ada", "calls").get("used").asLong()).isEqualTo(1);
        assertThat(server.limit("ada", "calls").get("held").asLong()).isZero();
    }

    @Test
    void use_is_durable_while_the_database_takes_nothing_and_in_it_when_it_does() throws SQLException {
        // Given
        database("CREATE TRIGGER outage BEFORE INSERT ON usage_event BEGIN SELECT RAISE(ABORT, 'outage'); END");
        // When
        var answer = server.chat("ada", Chat.CAPPED);
        // Then
        assertThat(answer.header("X-Quotary-Cost")).isPresent();
        assertThat(server.limit("ada", "calls").get("used").asLong()).isEqualTo(1);
        assertThat(server.event(answer).at("/quantities/tokens").asLong()).isEqualTo(9);
        assertThat(events()).isZero();
        database("DROP TRIGGER outage");
        assertThat(Await.until(this::events, events -> events > 0)).isEqualTo(1);
    }

    private long events() {
        try (var connection = connection();
                var each = connection.createStatement();
                var row = each.executeQuery("SELECT count(*) FROM usage_event")) {
            return row.next() ? row.getLong(1) : -1;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** From outside, as a damaged file would come: the server's own code knows of no such switch. Nothing can be read or written then. */
    private void failEveryEvent() throws SQLException {
        database("ALTER TABLE usage_event RENAME TO usage_event_away");
    }

    private void takeEventsAgain() throws SQLException {
        database("ALTER TABLE usage_event_away RENAME TO usage_event");
    }

    private void database(String statement) throws SQLException {
        try (var connection = connection();
                var each = connection.createStatement()) {
            each.execute("PRAGMA busy_timeout = 5000");
            each.execute(statement);
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:sqlite:" + directory.resolve("data").resolve("quotary.db"));
    }
}
