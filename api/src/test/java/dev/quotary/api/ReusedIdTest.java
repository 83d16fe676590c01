package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restart forgets the ids of reservations that were settled before; the ledger does not. */
@Timeout(60)
class ReusedIdTest {
    private static final String RESERVE = "/api/v1/usage/reservations";
    private static final String BODY = "{\"id\":\"r1\",\"subject\":\"ann\",\"quantities\":{\"requests\":1}}";
    private static final String PLANS = """
            plans:
              - key: small
                limits: [ { key: daily, meter: requests, window: day, max: 10 } ]
            organizations:
              - { key: acme, plan: small }
            """;

    @TempDir
    private Path directory;

    @Test
    void commit_of_an_id_that_was_recorded_before_the_restart_leaves_nothing_held() {
        // Given
        String event;
        try (var server = ApiServer.in(directory)) {
            server.admin().post("/api/v1/apply", PLANS);
            var app = server.service();
            app.post(RESERVE, BODY);
            event = app.post(RESERVE + "/r1/commit", "{}").at("event_id");
        }
        try (var server = ApiServer.in(directory)) {
            var app = server.service();
            app.post(RESERVE, BODY);
            // When
            var committed = app.post(RESERVE + "/r1/commit", "{}");
            var other = app.post(RESERVE + "/r1/commit", "{\"quantities\":{\"requests\":2}}");
            // Then
            assertThat(committed.status()).isEqualTo(200);
            assertThat(committed.at("event_id")).isEqualTo(event);
            assertThat(other.status()).isEqualTo(409);
            var status = app.get("/api/v1/usage/status?subject=ann");
            assertThat(status.at("limits/0/used")).isEqualTo("1");
            assertThat(status.at("limits/0/held")).isEqualTo("0");
        }
    }
}
