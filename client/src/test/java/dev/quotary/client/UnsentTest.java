package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.quotary.client.FakeServer.Asked;
import dev.quotary.client.FakeServer.Reply;
import dev.quotary.client.json.Json;
import dev.quotary.client.json.JsonReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of usage that cannot be told at once. */
class UnsentTest {
    private static final Call CALL = Call.of().subject("ada");
    private static final Usage ONE = Usage.of("export", 1);
    private static final Reply AWAY = Reply.of(503, "");

    @TempDir
    private Path directory;

    private final Heard heard = new Heard();
    private final FakeServer server = FakeServer.answering(FakeServer::well);

    @AfterEach
    void stop() {
        server.close();
    }

    private QuotaryClientBuilder builder(UnsentOptions options) {
        return QuotaryClient.builder(server.url(), "qk_live_secret")
                .clock(InstantSource.fixed(QuotaryClientTest.NOW))
                .unsent(options.pauses(Duration.ofMillis(5), Duration.ofMillis(20)))
                .listener(heard)
                .timeout(Duration.ofSeconds(5))
                .closePatience(Duration.ofSeconds(2));
    }

    /** Like the real one: records what it does not have, by source and id, whole requests at a time; one meter is unknown to it. */
    private static final class Ledger {
        private final Map<String, String> recorded = new ConcurrentHashMap<>();
        private final List<String> order = new CopyOnWriteArrayList<>();

        Reply answer(Asked asked) {
            var body = JsonReader.read(asked.body());
            var records = body instanceof Json.Arr list ? list.items() : List.of(body);
            if (records.stream()
                    .anyMatch(each -> each.at("quantities").entries().containsKey("unknown"))) {
                return Reply.problem(400, "INVALID_REQUEST", "/quantities/unknown");
            }
            var events = new ArrayList<String>();
            for (var each : records) {
                var id = each.at("id").text().orElseThrow();
                if (recorded.putIfAbsent(id, each.toString()) == null) {
                    order.add(id);
                }
                assertThat(recorded.get(id)).isEqualTo(each.toString());
                events.add("{\"id\":\"evt_" + id + "\",\"cost\":\"0\",\"duplicate\":false}");
            }
            return Reply.of(200, "{\"events\":[" + String.join(",", events) + "]}");
        }
    }

    @Test
    void usage_is_kept_while_the_server_is_away_and_sent_in_order_when_it_is_back() throws InterruptedException {
        // Given
        var ledger = new Ledger();
        server.then(asked -> AWAY);
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(client.record(CALL.id("r" + i), ONE)).isEqualTo(new Settled.Kept("r" + i));
                assertThat(heard.next()).isEqualTo("kept r" + i);
            }
            assertThat(client.unsent()).isEqualTo(3);
            // When
            server.then(ledger::answer);
            // Then
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
            assertThat(ledger.order).containsExactly("r1", "r2", "r3");
            assertThat(ledger.recorded.get("r2"))
                    .isEqualTo("{\"subject\":\"ada\",\"id\":\"r2\",\"source\":\"quotary-client\","
                            + "\"quantities\":{\"export\":1}}");
            assertThat(List.of(heard.next(), heard.next(), heard.next()))
                    .containsExactly("sent r1", "sent r2", "sent r3");
        }
        assertThat(heard.nothing()).isTrue();
    }

    @Test
    void many_records_go_together_and_one_that_is_refused_stops_none_of_the_others() throws InterruptedException {
        // Given
        var ledger = new Ledger();
        server.then(asked -> AWAY);
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            for (int i = 0; i < 250; i++) {
                assertThat(client.recordLater(CALL.id("r" + i), i == 120 ? Usage.of("unknown", 1) : ONE))
                        .isTrue();
            }
            server.then(ledger::answer);
            // When
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
            // Then
            assertThat(ledger.order)
                    .containsExactlyElementsOf(IntStream.range(0, 250)
                            .filter(i -> i != 120)
                            .mapToObj(i -> "r" + i)
                            .toList());
            var told = IntStream.range(0, 250).mapToObj(i -> heard.next()).toList();
            assertThat(told).contains("dropped r120: INVALID_REQUEST: told", "sent r119", "sent r249");
        }
    }

    @Test
    void what_could_have_been_recorded_is_sent_again_and_counted_once() throws InterruptedException {
        // Given
        var ledger = new Ledger();
        server.then(asked -> {
            ledger.answer(asked);
            return FakeServer.BREAKS_OFF;
        });
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            assertThat(client.record(CALL.id("r1"), ONE)).isEqualTo(new Settled.Kept("r1"));
            // When
            server.then(ledger::answer);
            // Then
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
            assertThat(ledger.order).containsExactly("r1");
        }
    }

    @Test
    void full_buffer_loses_the_newest_and_says_so() {
        // Given
        server.then(asked -> AWAY);
        try (var client = builder(UnsentOptions.IN_MEMORY.bounds(2, 1 << 20)).build()) {
            client.record(CALL.id("r1"), ONE);
            client.record(CALL.id("r2"), ONE);
            // When
            assertThatExceptionOfType(UnavailableException.class)
                    .isThrownBy(() -> client.record(CALL.id("r3"), ONE))
                    .withMessageContaining("neither sent nor kept");
            assertThat(client.recordLater(CALL.id("r4"), ONE)).isFalse();
            // Then
            assertThat(client.unsent()).isEqualTo(2);
            assertThat(List.of(heard.next(), heard.next())).containsExactly("kept r1", "kept r2");
            assertThat(heard.next()).startsWith("dropped r3: there is no room");
            assertThat(heard.next()).isEqualTo("dropped r4: there is no room to keep it");
        }
        assertThat(heard.next()).isEqualTo("dropped r1: the client was closed");
        assertThat(heard.next()).isEqualTo("dropped r2: the client was closed");
    }

    @Test
    void bytes_are_bounded_too_and_a_full_buffer_does_not_stop_what_can_be_sent() {
        // Given
        try (var client = builder(UnsentOptions.IN_MEMORY.bounds(10, 20)).build()) {
            // When
            var settled = client.record(CALL.id("r1"), ONE);
            // Then
            assertThat(settled).isEqualTo(new Settled.Recorded("evt_2", new BigDecimal("0.002"), Map.of(), false));
            server.then(asked -> AWAY);
            assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> client.record(CALL.id("r2"), ONE));
        }
    }

    @Test
    void what_is_unsent_outlives_its_client_on_disk() throws InterruptedException {
        // Given
        var ledger = new Ledger();
        server.then(asked -> AWAY);
        try (var client = builder(UnsentOptions.in(directory)).build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> builder(UnsentOptions.in(directory)).build());
            client.record(CALL.id("r1"), ONE);
            client.recordLater(CALL.id("r2"), ONE);
            assertThat(heard.next()).isEqualTo("kept r1");
        }
        assertThat(heard.nothing()).isTrue();
        server.then(ledger::answer);
        // When
        try (var client = builder(UnsentOptions.in(directory)).build()) {
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
            client.record(CALL.id("r3"), ONE);
        }
        // Then
        assertThat(ledger.order).containsExactly("r1", "r2", "r3");
        assertThat(directory.resolve("unsent.log")).isEmptyFile();
    }

    @Test
    void damaged_file_costs_what_is_damaged_and_no_more() throws IOException, InterruptedException {
        // Given
        var ledger = new Ledger();
        server.then(asked -> AWAY);
        try (var client = builder(UnsentOptions.in(directory)).build()) {
            for (int i = 1; i <= 3; i++) {
                client.record(CALL.id("r" + i), ONE);
                heard.next();
            }
        }
        var file = directory.resolve("unsent.log");
        Files.writeString(file, Files.readString(file).replace("\"id\":\"r2\"", "\"id\":\"r9\""));
        server.then(ledger::answer);
        // When
        try (var client = builder(UnsentOptions.in(directory)).build()) {
            client.flush(Duration.ofSeconds(20));
        }
        // Then
        assertThat(ledger.order).containsExactly("r1", "r3");
        assertThat(heard.next()).isEqualTo("damaged 1");
        assertThat(Files.readString(directory.resolve("unsent.damaged"))).contains("\"id\":\"r9\"");
    }

    @Test
    void disk_that_cannot_be_written_stops_no_usage() throws IOException, InterruptedException {
        // Given: so much that the file is written anew when most of it is sent, and something in the way of that
        var ledger = new Ledger();
        server.then(asked -> AWAY);
        try (var client = builder(UnsentOptions.in(directory)).build()) {
            for (int i = 0; i < 100; i++) {
                client.recordLater(CALL.id("r" + i).metadata(Map.of("note", "x".repeat(12_000))), ONE);
            }
            Files.createDirectories(directory.resolve("unsent.new").resolve("in the way"));
            // When
            server.then(ledger::answer);
            // Then
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
            assertThat(ledger.order).hasSize(100);
            var told = new ArrayList<String>();
            while (!heard.nothing()) {
                told.add(heard.next());
            }
            assertThat(told).contains("disk failed", "sent r0", "sent r98");
            assertThat(client.record(CALL.id("r100"), ONE)).isInstanceOf(Settled.Recorded.class);
        }
    }

    @Test
    void commit_of_a_reservation_that_nobody_knows_any_more_becomes_a_record_of_its_time() {
        // Given
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            var reservation = client.reserve(CALL.id("c-1").quantity("export", 3));
            server.then(asked -> asked.path().endsWith("/commit")
                    ? Reply.problem(404, "RESERVATION_UNKNOWN", "")
                    : FakeServer.well(asked));
            // When
            var settled = reservation.commit(ONE);
            // Then
            assertThat(settled).isEqualTo(new Settled.Recorded("evt_2", new BigDecimal("0.002"), Map.of(), false));
            assertThat(server.bodies().getLast())
                    .isEqualTo("{\"subject\":\"ada\",\"id\":\"rsv_1\",\"source\":\"quotary-client\","
                            + "\"time\":\"2026-11-22T10:00:00Z\",\"quantities\":{\"export\":1}}");
        }
    }

    @Test
    void answer_that_the_server_cannot_read_is_charged_as_held() {
        // Given
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            var reservation = client.reserve(CALL.tokens(10, 20));
            server.then(asked -> asked.body().contains("provider_response")
                    ? Reply.problem(400, "INVALID_REQUEST", "/provider_response")
                    : FakeServer.well(asked));
            // When
            reservation.commit(Usage.response("{\"error\":true}").latency(Duration.ofMillis(5)));
            client.record(CALL.id("r1").tokens(10, 20), Usage.response("{}"));
            // Then
            var bodies = server.bodies();
            assertThat(bodies.get(2)).isEqualTo("{\"latency_ms\":5}");
            assertThat(bodies.getLast()).endsWith("\"quantities\":{\"tokens.input\":10,\"tokens.output\":20}}");
            assertThat(heard.next()).isEqualTo("estimated rsv_1: told");
            assertThat(heard.next()).isEqualTo("estimated r1: told");
        }
    }

    @Test
    void clock_that_is_ahead_of_the_servers_loses_nothing() {
        // Given
        server.then(asked -> asked.body().contains("\"time\"")
                ? Reply.problem(400, "INVALID_REQUEST", "/time")
                : FakeServer.well(asked));
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            // When
            var settled = client.record(CALL, ONE);
            // Then
            assertThat(settled).isInstanceOf(Settled.Recorded.class);
            assertThat(server.bodies().getFirst()).contains("\"time\":\"2026-11-22T10:00:00Z\"");
            assertThat(server.bodies().getLast()).doesNotContain("time");
        }
    }

    @Test
    void repeat_under_an_id_says_the_same_and_a_time_that_is_named_is_told() {
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            // When
            client.record(CALL.id("r1"), ONE);
            client.record(CALL.id("r1"), ONE);
            client.record(CALL.id("r2"), ONE, QuotaryClientTest.NOW.minusSeconds(60));
            // Then
            assertThat(server.bodies().get(1)).isEqualTo(server.bodies().get(0)).doesNotContain("time");
            assertThat(server.bodies().get(2)).contains("\"time\":\"2026-11-22T09:59:00Z\"");
        }
    }

    @Test
    void call_that_passed_unasked_is_recorded_under_its_id() throws InterruptedException {
        // Given
        var ledger = new Ledger();
        server.then(asked -> AWAY);
        try (var client = builder(UnsentOptions.IN_MEMORY).build()) {
            var reservation = client.reserve(CALL.id("c-1").quantity("export", 2));
            // When
            assertThat(reservation.commit(Usage.asHeld())).isEqualTo(new Settled.Kept("c-1"));
            server.then(ledger::answer);
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
            // Then
            assertThat(ledger.order).containsExactly("c-1");
            assertThat(ledger.recorded.get("c-1")).contains("\"quantities\":{\"export\":2}");
        }
    }

    @Test
    void key_that_is_not_taken_keeps_usage_until_one_is() throws InterruptedException {
        // Given
        var ledger = new Ledger();
        server.then(asked -> asked.authorization().equals("Bearer qk_live_new")
                ? ledger.answer(asked)
                : Reply.problem(401, "UNAUTHENTICATED", ""));
        try (var client = builder(UnsentOptions.in(directory)).build()) {
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> client.reserve(CALL))
                    .satisfies(refused -> assertThat(refused.code()).isEqualTo("UNAUTHENTICATED"));
            assertThat(client.record(CALL.id("r1"), ONE)).isEqualTo(new Settled.Kept("r1"));
        }
        // When
        try (var client = QuotaryClient.builder(server.url(), "qk_live_new")
                .unsent(UnsentOptions.in(directory))
                .build()) {
            assertThat(client.flush(Duration.ofSeconds(20))).isTrue();
        }
        // Then
        assertThat(ledger.order).containsExactly("r1");
    }

    @Test
    void closing_tells_what_is_kept_if_the_server_is_there_and_is_bounded_if_it_is_not() throws IOException {
        // Given
        var ledger = new Ledger();
        server.then(ledger::answer);
        var client = builder(UnsentOptions.IN_MEMORY).build();
        for (int i = 0; i < 500; i++) {
            client.recordLater(CALL.id("r" + i), ONE);
        }
        // When
        client.close();
        // Then
        assertThat(ledger.order).hasSize(500);
        try (var hole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var stuck = QuotaryClient.builder(URI.create("http://127.0.0.1:" + hole.getLocalPort()), "k")
                    .listener(heard)
                    .closePatience(Duration.ofMillis(100))
                    .build();
            stuck.recordLater(CALL.id("lost"), ONE);
            stuck.close();
        }
        Waits.until(() -> !heard.nothing());
        for (int i = 0; i < 500; i++) {
            assertThat(heard.next()).isEqualTo("sent r" + i);
        }
        assertThat(heard.next()).isEqualTo("dropped lost: the client was closed");
    }
}
