package dev.quotary.sql.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.queue.Waited;
import dev.quotary.queue.Waited.Ending;
import dev.quotary.queue.Waiting;
import dev.quotary.sql.admission.QueueingNode.Queued;
import dev.quotary.testkit.FakeClock;
import dev.quotary.testkit.postgres.PostgresServer;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Reserved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that wait where limits are decided in a database, which tells nobody of room: whoever waits asks again every 50 ms. */
@Timeout(120)
class PostgresQueueTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Queued ONE = new Queued(1, MINUTE, MINUTE);
    private static final long SECONDS_MAX = 30;

    private final FakeClock clock = new FakeClock();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final List<QueueingNode> nodes = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.forEach(QueueingNode::close);
        scheduler.shutdownNow();
    }

    private QueueingNode node(LimiterDatabase database, Queued queued) {
        var node = new QueueingNode(database.node("node-" + nodes.size()), queued, clock, scheduler);
        nodes.add(node);
        return node;
    }

    private static LimiterDatabase database() {
        return new LimiterDatabase(PostgresServer.shared());
    }

    private static Waited<Reserved> ended(Waiting<Reserved> waiting) throws Exception {
        return waiting.ended().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    private static boolean admitted(Reserved reserved) {
        return reserved instanceof Reserved.Decided(Decision decision) && decision.hold() != null;
    }

    @Test
    void call_that_waits_on_one_node_goes_when_another_node_releases() throws Exception {
        // Given
        var database = database();
        var one = node(database, ONE);
        var two = node(database, ONE);
        one.reserve(one.proposal(1, "ada"));
        var waiting = two.waits(2, "bob");
        // When
        one.release(1);
        var waited = ended(waiting);
        // Then
        assertThat(waited.ending()).isEqualTo(Ending.ANSWERED);
        assertThat(admitted(waited.answer())).isTrue();
        assertThat(one.held(clock)).isEqualTo(1);
        assertThat(two.queue.waiting()).isZero();
    }

    @Test
    void hold_that_expires_lets_the_next_one_in_though_nobody_tells() throws Exception {
        // Given
        var node = node(database(), ONE);
        node.reserve(node.proposal(1, "ada"));
        var waiting = node.waits(2, "bob");
        // When
        clock.advance(MINUTE);
        var waited = ended(waiting);
        // Then
        assertThat(admitted(waited.answer())).isTrue();
        assertThat(node.held(clock)).isEqualTo(1);
    }

    @Test
    void higher_plans_go_first_and_subjects_of_one_plan_take_turns() throws Exception {
        // Given
        var node = node(database(), ONE);
        node.reserve(node.proposal(0, "cid"));
        var order = new ConcurrentLinkedQueue<Long>();
        var waiting = new ArrayList<Waiting<Reserved>>();
        var subjects = List.of("ada", "ada", "bob", "vip-1");
        for (int i = 1; i <= subjects.size(); i++) {
            long number = i;
            var each = node.waits(number, subjects.get(i - 1));
            waiting.add(each);
            each.ended().thenRun(() -> {
                order.add(number);
                node.release(number);
            });
        }
        // When
        node.release(0);
        for (var each : waiting) {
            ended(each);
        }
        // Then
        // Whoever was asking just as the room came has it; the next is of the higher plan.
        assertThat(List.copyOf(order)).isIn(List.of(4L, 1L, 3L, 2L), List.of(1L, 4L, 3L, 2L));
    }

    @Test
    void client_that_leaves_holds_nothing_and_lets_the_next_one_go() throws Exception {
        // Given
        var node = node(database(), ONE);
        node.reserve(node.proposal(1, "ada"));
        var leaves = node.waits(2, "bob");
        var stays = node.waits(3, "cid");
        // When
        leaves.leave();
        var left = ended(leaves);
        node.release(1);
        // Then
        assertThat(left.ending()).isEqualTo(Ending.LEFT);
        assertThat(admitted(ended(stays).answer())).isTrue();
        assertThat(node.held(clock)).isEqualTo(1);
        assertThat(node.release(2)).isFalse();
        assertThat(node.release(3)).isTrue();
    }

    @Test
    void wait_in_vain_ends_in_time_with_the_refusal_of_then() throws Exception {
        // Given
        var node = node(database(), new Queued(1, Duration.ofMillis(200), MINUTE));
        node.reserve(node.proposal(1, "ada"));
        // When
        var waited = ended(node.waits(2, "bob"));
        // Then
        assertThat(waited.ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(admitted(waited.answer())).isFalse();
        assertThat(waited.millis()).isBetween(200L, TimeUnit.SECONDS.toMillis(SECONDS_MAX));
        assertThat(node.held(clock)).isEqualTo(1);
    }

    @Test
    void racing_nodes_serve_everybody_once_and_never_more_at_a_time_than_the_limit_allows() throws Exception {
        // Given
        var database = database();
        var queued = new Queued(3, Duration.ofMinutes(2), MINUTE);
        var racing = List.of(node(database, queued), node(database, queued));
        int calls = 60;
        var subjects = List.of("ada", "bob", "cid", "vip-1", "vip-2");
        var running = new AtomicInteger();
        var runningMax = new AtomicInteger();
        var served = new AtomicInteger();
        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<Future<?>>();
            for (int i = 0; i < calls; i++) {
                long number = i;
                var node = racing.get(i % 2);
                var proposal = node.proposal(number, subjects.get(i % subjects.size()));
                done.add(threads.submit(() -> {
                    var answer = node.reserve(proposal);
                    if (AdmissionQueue.mayWait(answer)) {
                        answer = ended(node.enter(proposal, answer)).answer();
                    }
                    if (admitted(answer)) {
                        runningMax.accumulateAndGet(running.incrementAndGet(), Math::max);
                        served.incrementAndGet();
                        running.decrementAndGet();
                        // Half are given back by the other node.
                        racing.get((int) (number / 2 % 2)).release(number);
                    }
                    return answer;
                }));
            }
            for (var each : done) {
                each.get(SECONDS_MAX, TimeUnit.SECONDS);
            }
        }
        // Then
        assertThat(served.get()).isEqualTo(calls);
        assertThat(runningMax.get()).isBetween(1, 3);
        for (var node : racing) {
            assertThat(node.held(clock)).isZero();
            assertThat(node.queue.waiting()).isZero();
        }
        assertThat(database.number("SELECT count(*) FROM reservation WHERE state = 1"))
                .isZero();
    }

    /** Waiting on would keep a client in the dark for as long as the database is away; its limit says that without it nothing goes. */
    @Test
    void database_that_dies_ends_the_waits_and_those_who_come_back_wait_as_before() throws Exception {
        try (var server = PostgresServer.start(Map.of())) {
            // Given
            var node = node(new LimiterDatabase(server), ONE);
            node.reserve(node.proposal(1, "ada"));
            var waiting = node.waits(2, "bob");
            // When
            server.stopImmediately();
            // Then
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(() -> waiting.ended()
                            .toCompletableFuture()
                            .orTimeout(SECONDS_MAX, TimeUnit.SECONDS)
                            .join())
                    .withCauseInstanceOf(StoreUnavailableException.class);
            assertThat(node.queue.waiting()).isZero();
            server.start();
            var again = node.enter(node.proposal(2, "bob"), whenBack(() -> node.reserve(node.proposal(2, "bob"))));
            assertThat(whenBack(() -> node.release(1))).isTrue();
            assertThat(admitted(ended(again).answer())).isTrue();
            assertThat(whenBack(() -> node.held(clock))).isEqualTo(1);
            node.close();
        }
    }

    /** Connections come back one by one. */
    private static <T> T whenBack(Supplier<T> asked) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (true) {
            try {
                return asked.get();
            } catch (StoreUnavailableException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }
}
