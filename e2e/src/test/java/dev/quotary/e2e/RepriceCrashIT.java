package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of {@code reprice} that is killed in the middle, on either side, and run again. */
@Timeout(180)
class RepriceCrashIT {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

    /** A request of the command looks at 10,000 events and a transaction corrects 500: both end several times within the run. */
    private static final int EVENTS = 24_000;

    private static final int BATCH = 6_000;
    private static final String PLANS = """
            plans:
              - key: free
                limits: [ { key: money, meter: cost, per: subject, window: lifetime, max: "100" } ]
            organizations:
              - { key: acme, plan: free }
            prices:
              - { provider: xai, model: grok-9, from: 2026-01-01, input: "%s", output: "2", sources: test }
            """;

    @TempDir
    private Path folder;

    private PackagedServer recorded() {
        var setup = PackagedServer.in(folder, NOWHERE, PLANS.formatted("1"));
        try (var server = setup.serve()) {
            var api = new Api(server.url(), setup.serviceKey(server));
            for (int from = 0; from < EVENTS; from += BATCH) {
                var records = IntStream.range(from, from + BATCH)
                        .mapToObj(RepriceCrashIT::record)
                        .collect(Collectors.joining(",", "[", "]"));
                api.post("/api/v1/usage/records", records).expect(200);
            }
            server.terminate().ended();
        }
        PackagedServer.write(folder.resolve("plans.yaml"), PLANS.formatted("0.5"));
        return setup;
    }

    private static String record(int number) {
        return "{\"id\":\"r" + number + "\",\"subject\":\"s" + number % 10
                + "\",\"provider\":\"xai\",\"model\":\"grok-9\","
                + "\"quantities\":{\"tokens.input\":1000,\"tokens.output\":0}}";
    }

    private Quotary begin(PackagedServer setup, Quotary server) {
        setup.environment().put("QUOTARY_URL", server.url());
        return Quotary.start(folder, setup.environment(), "reprice", "--from", "2026-01-01", "--to", "2100-01-01");
    }

    private Quotary.Ended reprice(PackagedServer setup, Quotary server) {
        try (var command = begin(setup, server)) {
            return command.ended();
        }
    }

    /** What is corrected in the file, whatever a server has in its memory. */
    private long corrected() {
        return number("SELECT count(*) FROM cost_correction");
    }

    private long number(String sql) {
        var file = folder.resolve("data").resolve("quotary.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertEachCorrectedOnce(PackagedServer setup) {
        try (var server = setup.serve()) {
            var resumed = reprice(setup, server);
            var again = reprice(setup, server);
            assertThat(resumed.out()).contains(EVENTS + " events looked at");
            assertThat(again.out()).contains(EVENTS + " events looked at, 0 corrected");
            assertThat(corrected()).isEqualTo(EVENTS);
            assertThat(number("SELECT count(*) FROM (SELECT 1 FROM cost_correction GROUP BY organization, event)"))
                    .isEqualTo(EVENTS);
            var used = new Api(server.url(), setup.serviceKey(server))
                    .get("/api/v1/usage/status?subject=s3")
                    .expect(200)
                    .get("limits")
                    .get(0)
                    .get("used")
                    .asText();
            assertThat(used).isEqualTo("1.2");
            assertThat(setup.command(server, "verify-ledger").exit()).isZero();
            server.terminate().ended();
        }
        assertThat(Quotary.run(folder, setup.environment(), "verify-ledger").exit())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4_000, 12_500})
    void run_whose_server_is_killed_ends_with_every_correction_once(int killedAt) {
        // Given
        var setup = recorded();
        long atKill;
        Quotary.Ended killed;
        try (var server = setup.serve();
                var command = begin(setup, server)) {
            // When
            Await.until(this::corrected, count -> count >= killedAt);
            server.kill().ended();
            killed = command.ended();
            atKill = corrected();
        }
        // Then
        assertThat(killed.exit()).isNotZero();
        assertThat(atKill).isBetween((long) killedAt, EVENTS - 1L);
        assertEachCorrectedOnce(setup);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12_500})
    void run_whose_command_is_killed_ends_with_every_correction_once(int killedAt) {
        // Given
        var setup = recorded();
        try (var server = setup.serve();
                var command = begin(setup, server)) {
            // When
            Await.until(this::corrected, count -> count >= killedAt);
            command.kill().ended();
            server.terminate().ended();
        }
        // Then
        assertThat(corrected()).isBetween((long) killedAt, EVENTS - 1L);
        assertEachCorrectedOnce(setup);
    }

    @Test
    void command_and_server_that_are_killed_together_leave_nothing_half_done() {
        // Given
        var setup = recorded();
        try (var server = setup.serve();
                var command = begin(setup, server)) {
            // When
            Await.until(this::corrected, count -> count >= 9_000);
            command.kill();
            server.kill().ended();
            command.ended();
        }
        // Then
        assertThat(Quotary.run(folder, setup.environment(), "verify-ledger").exit())
                .isZero();
        assertEachCorrectedOnce(setup);
    }
}
