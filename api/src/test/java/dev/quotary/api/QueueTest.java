package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.api.ApiClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reservations that wait for room. */
@Timeout(60)
class QueueTest {
    private static final String RESERVE = "/api/v1/usage/reservations";

    @TempDir
    private Path directory;

    private ApiServer server;
    private ApiClient admin;
    private ApiClient service;

    @BeforeEach
    void start() {
        server = ApiServer.in(directory);
        admin = server.admin();
        declare("30s");
        service = server.service();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void declare(String wait) {
        plans("max: 1", wait);
    }

    private void plans(String max, String wait) {
        var limit = "{ key: parallel, meter: requests, per: organization, window: in-flight, " + max
                + ", exceeded: { action: queue, wait: " + wait + " } }";
        var applied = admin.post("/api/v1/apply", """
                plans:
                  - { key: free, limits: [ %s ] }
                  - { key: pro, priority: 10, limits: [ %s ] }
                organizations:
                  - { key: acme, plan: free, subjects: [ { key: vip, plan: pro } ] }
                """.formatted(limit, limit));
        assertThat(applied.status()).isEqualTo(200);
        assertThat(applied.json().fields().items("warnings")).isEmpty();
    }

    private Answer reserve(String subject, String id) {
        return service.post(
                RESERVE,
                "{\"id\":\"" + id + "\",\"subject\":\"" + subject
                        + "\",\"provider\":\"local\",\"model\":\"m\",\"cost\":\"0\",\"ttl_seconds\":60}");
    }

    /** Begins a reservation that will wait, and returns when it does. */
    private CompletableFuture<Answer> waits(String subject, String id) {
        int before = server.queue.waiting();
        var answer = new CompletableFuture<Answer>();
        Thread.ofVirtual().start(() -> answer.complete(reserve(subject, id)));
        until(() -> server.queue.waiting() == before + 1);
        return answer;
    }

    private static void until(BooleanSupplier wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).as("came to pass in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void release(String id) {
        assertThat(service.post(RESERVE + "/" + id + "/release", "{}").status()).isEqualTo(200);
    }

    @Test
    void reservation_waits_until_another_is_released_and_its_wait_goes_into_the_event() {
        // Given
        assertThat(reserve("ada", "first").status()).isEqualTo(201);
        var waiting = waits("ada", "second");
        // When
        release("first");
        var answer = waiting.join();
        // Then
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.at("allowed")).isEqualTo("true");
        long waited = Long.parseLong(answer.at("queue_wait_ms"));
        assertThat(waited).isBetween(0L, 20_000L);
        assertThat(answer.header("server-timing")).isEqualTo("queue;dur=" + waited);
        var event = service.post(RESERVE + "/second/commit", "{}").at("event_id");
        assertThat(service.get("/api/v1/usage/events/" + event).at("queue_wait_ms"))
                .isEqualTo(Long.toString(waited));
    }

    @Test
    void commit_that_says_how_long_it_waited_itself_is_believed() {
        // Given
        reserve("ada", "first");
        var waiting = waits("ada", "second");
        release("first");
        waiting.join();
        // When
        var committed = service.post(RESERVE + "/second/commit", "{\"queue_wait_ms\":77}");
        // Then
        assertThat(service.get("/api/v1/usage/events/" + committed.at("event_id"))
                        .at("queue_wait_ms"))
                .isEqualTo("77");
    }

    @Test
    void higher_plans_go_first_and_subjects_of_one_plan_take_turns() {
        // Given
        plans("max: 3", "30s");
        List.of("a", "b", "c").forEach(id -> reserve("zoe", id));
        var order = new CopyOnWriteArrayList<String>();
        var waiting = new ArrayList<CompletableFuture<Void>>();
        waiting.add(waits("ada", "ada-1").thenAccept(_ -> order.add("ada-1")));
        waiting.add(waits("ada", "ada-2").thenAccept(_ -> order.add("ada-2")));
        waiting.add(waits("vip", "vip-1").thenAccept(_ -> order.add("vip-1")));
        // When
        for (var id : List.of("a", "b", "c")) {
            int before = server.queue.waiting();
            release(id);
            until(() -> server.queue.waiting() == before - 1 && order.size() == 3 - server.queue.waiting());
        }
        // Then
        waiting.forEach(CompletableFuture::join);
        assertThat(order).containsExactly("vip-1", "ada-1", "ada-2");
    }

    @Test
    void wait_in_vain_ends_in_the_refusal_that_would_have_come_at_once() {
        // Given
        declare("200ms");
        reserve("ada", "first");
        // When
        var refused = reserve("bob", "second");
        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.at("code")).isEqualTo("RATE_LIMIT_EXCEEDED");
        assertThat(refused.at("violations/0/limit")).isEqualTo("parallel");
        long waited = Long.parseLong(refused.at("queue_wait_ms"));
        assertThat(waited).isBetween(200L, 20_000L);
        assertThat(refused.at("detail")).endsWith("1 are running. It waited " + waited + " ms for room.");
        assertThat(refused.header("server-timing")).isEqualTo("queue;dur=" + waited);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(server.queue.waiting()).isZero();
    }

    @Test
    void check_does_not_wait_and_says_that_a_reservation_would() {
        // Given
        reserve("ada", "first");
        // When
        var checked = service.post(
                "/api/v1/usage/check", "{\"subject\":\"bob\",\"provider\":\"p\",\"model\":\"m\",\"cost\":\"0\"}");
        // Then
        assertThat(checked.status()).isEqualTo(200);
        assertThat(checked.at("decision")).isEqualTo("denied");
        assertThat(checked.at("violations/0/action")).isEqualTo("queue");
        assertThat(checked.at("violations/0/wait_ms")).isEqualTo("30000");
        assertThat(checked.at("queue_wait_ms")).isEqualTo("null");
    }

    @Test
    void raised_limit_lets_those_who_wait_in() {
        // Given
        reserve("ada", "first");
        var waiting = waits("bob", "second");
        // When
        plans("max: 2", "30s");
        // Then
        assertThat(waiting.join().status()).isEqualTo(201);
    }

    @Test
    void expired_reservation_lets_those_who_wait_in() {
        // Given
        reserve("ada", "first");
        var waiting = waits("bob", "second");
        // When
        server.clock.advance(Duration.ofSeconds(60));
        // Then
        assertThat(waiting.join().status()).isEqualTo(201);
    }

    @Test
    void repeat_of_what_is_held_does_not_wait_behind_others() {
        // Given
        reserve("ada", "first");
        var waiting = waits("bob", "second");
        // When
        var repeated = reserve("ada", "first");
        // Then
        assertThat(repeated.status()).isEqualTo(201);
        release("first");
        assertThat(waiting.join().status()).isEqualTo(201);
    }

    @Test
    void client_that_leaves_gives_its_place_up_and_holds_nothing() throws IOException {
        // Given
        reserve("ada", "first");
        try (var client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            var body = "{\"id\":\"second\",\"subject\":\"bob\",\"provider\":\"p\",\"model\":\"m\",\"cost\":\"0\"}";
            var request = "POST " + RESERVE + " HTTP/1.1\r\nHost: q\r\nAuthorization: Bearer " + server.serviceKey()
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            until(() -> server.queue.waiting() == 1);
            // When
        }
        // Then
        until(() -> server.queue.waiting() == 0);
        release("first");
        assertThat(service.get(RESERVE + "/second").status()).isEqualTo(404);
        assertThat(reserve("cid", "third").status()).isEqualTo(201);
    }

    @Test
    void full_queue_refuses_at_once_and_says_so() {
        // Given: a queue for three
        reserve("ada", "first");
        var waiting = List.of(waits("b", "2"), waits("c", "3"), waits("d", "4"));
        // When
        var refused = reserve("e", "5");
        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.at("detail")).endsWith("Too many calls wait for room already.");
        assertThat(refused.at("queue_wait_ms")).isEqualTo("null");
        server.queue.close();
        waiting.forEach(CompletableFuture::join);
    }

    @Test
    void stopping_server_sends_those_who_wait_away() {
        // Given
        reserve("ada", "first");
        var waiting = waits("bob", "second");
        // When
        server.queue.close();
        // Then
        var answer = waiting.join();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.at("code")).isEqualTo("SERVER_STOPPING");
        assertThat(reserve("cid", "third").at("code")).isEqualTo("SERVER_STOPPING");
    }

    @Test
    void amount_that_a_limit_never_allows_is_refused_at_once() {
        // Given
        admin.post("/api/v1/apply", """
                plans: [ { key: free, limits: [
                  { key: size, meter: tokens, window: minute, max: 100, exceeded: { action: queue, wait: 30s } },
                  { key: spent, meter: requests, window: day, max: 1, exceeded: { action: queue, wait: 30s } } ] } ]
                """);
        reserve("ada", "first");
        service.post(RESERVE + "/first/commit", "{}");
        // When
        var tooLarge = service.post(
                RESERVE, "{\"subject\":\"bob\",\"cost\":\"0\",\"quantities\":{\"requests\":0,\"tokens.input\":101}}");
        var usedUp = reserve("ada", "second");
        // Then
        assertThat(tooLarge.status()).isEqualTo(429);
        assertThat(tooLarge.at("queue_wait_ms")).isEqualTo("null");
        assertThat(usedUp.status()).isEqualTo(429);
        assertThat(usedUp.at("queue_wait_ms")).isEqualTo("null");
    }

    @Test
    void limit_that_blocks_refuses_at_once_beside_one_that_queues() {
        // Given
        admin.post("/api/v1/apply", """
                plans: [ { key: free, limits: [
                  { key: parallel, meter: requests, per: organization, window: in-flight, max: 1,
                    exceeded: { action: queue, wait: 30s } },
                  { key: once, meter: requests, window: day, max: 1 } ] } ]
                """);
        reserve("ada", "first");
        // When
        var refused = reserve("ada", "second");
        // Then
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.at("queue_wait_ms")).isEqualTo("null");
        assertThat(refused.json().fields().items("violations")).hasSize(2);
    }
}
