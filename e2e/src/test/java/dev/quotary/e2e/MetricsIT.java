package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.TestServer.Setup;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsIT {
    private static final String METRICS = "/metrics";

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> to.whole(200, List.of(), Chat.bytes(Chat.answer(8, 1))));
        server = TestServer.start(
                directory,
                Setup.of(provider.baseUrl(), "{ key: calls, meter: requests, per: subject, window: day, max: 2 }"));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @Test
    void what_happens_is_counted() {
        // Given
        server.chat("ada", Chat.CAPPED);
        server.chat("ada", Chat.CAPPED);
        server.chat("ada", Chat.CAPPED);
        server.api()
                .post(
                        "/api/v1/usage/reservations",
                        "{\"id\":\"r1\",\"subject\":\"bob\",\"quantities\":{\"requests\":1}}")
                .expect(201);
        server.api().post("/api/v1/usage/records", "{\"subject\":\"bob\",\"provider\":\"strange\",\"quantities\":{}}");
        // When
        var metrics = metrics();
        // Then
        assertThat(metrics)
                .containsEntry("quotary_decisions_total{face=\"gateway\",verdict=\"allowed\"}", "1.0")
                .containsEntry("quotary_decisions_total{face=\"gateway\",verdict=\"denied\"}", "1.0")
                .containsEntry("quotary_decisions_total{face=\"api\",verdict=\"allowed\"}", "1.0")
                .containsEntry("quotary_http_responses_total{face=\"gateway\",status=\"402\"}", "1.0")
                .containsEntry("quotary_events_recorded_total{outcome=\"success\",provider=\"openai\"}", "2.0")
                .containsEntry("quotary_holds_live", "1.0")
                .containsEntry("quotary_holds_expired_total", "0.0")
                .containsEntry("quotary_journal_failures_total", "0.0")
                .containsEntry("quotary_ledger_queue_rows", "0.0")
                .containsKeys(
                        "quotary_ledger_append_seconds_bucket{le=\"0.001\"}",
                        "quotary_ledger_append_seconds_count",
                        "quotary_ledger_transaction_rows_total",
                        "quotary_ledger_transactions_total{result=\"committed\"}",
                        "quotary_reconciler_lag_seconds",
                        "jvm_memory_heap_used_bytes",
                        "process_cpu_seconds_total");
        assertThat(metrics.keySet()).noneMatch(name -> name.contains("ada") || name.contains("acme"));
        assertThat(metrics.keySet()).noneMatch(name -> name.contains("strange"));
    }

    @Test
    void metrics_are_shown_to_an_admin_of_the_server_only() {
        // Given
        var nobody = Api.send(HttpRequest.newBuilder(URI.create(server.url() + METRICS)));
        // When
        var service = server.api().get(METRICS);
        var posted = server.api(server.adminKey()).post(METRICS, "");
        // Then
        assertThat(nobody.status()).isEqualTo(401);
        assertThat(service.status()).isEqualTo(403);
        assertThat(posted.status()).isEqualTo(405);
    }

    @Test
    void expired_hold_is_counted() {
        // Given
        server.api()
                .post(
                        "/api/v1/usage/reservations",
                        "{\"id\":\"r1\",\"subject\":\"bob\",\"ttl_seconds\":5,\"quantities\":{\"requests\":1}}")
                .expect(201);
        server.clock().advance(Duration.ofSeconds(10));
        server.limit("bob", "calls");
        // When
        var metrics = metrics();
        // Then
        assertThat(metrics)
                .containsEntry("quotary_holds_expired_total", "1.0")
                .containsEntry("quotary_holds_live", "0.0");
    }

    private Map<String, String> metrics() {
        var answer = server.api(server.adminKey()).get(METRICS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        return answer.response()
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> line.substring(line.lastIndexOf(' ') + 1)));
    }
}
