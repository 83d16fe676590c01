package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.START;
import static dev.quotary.testkit.LedgerSamples.changed;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.testkit.AuditContract.Everything;
import dev.quotary.testkit.LedgerCountingContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.Seeds;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several servers write to one database. Each is a ledger with a writer and connections of its own, as if in its own process. */
class PostgresNodesTest {
    private final PostgresServer server = PostgresServer.shared();
    private final List<PostgresDatabase> opened = new ArrayList<>();

    private List<Ledger> nodes(String url, int count) {
        var nodes = new ArrayList<Ledger>();
        for (int i = 0; i < count; i++) {
            var database = PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE);
            opened.add(database);
            nodes.add(new SqlLedger(database, new LedgerModel.Counters()));
        }
        return nodes;
    }

    @AfterEach
    void close() {
        opened.forEach(PostgresDatabase::close);
    }

    @Test
    void events_that_race_over_three_nodes_are_recorded_once_and_everything_adds_up() {
        Seeds.forEach(4, random -> {
            // Given: every event is sent to every node, in another order and in other batches
            var url = server.newDatabase();
            var nodes = nodes(url, 3);
            var samples = new LedgerSamples(random);
            var entries = new ArrayList<Entry>();
            for (int i = 0; i < 400; i++) {
                entries.add(samples.entry());
            }
            long seed = random.nextLong();
            var recorded = new ConcurrentLinkedQueue<UsageEvent>();
            // When
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int sender = 0; sender < 9; sender++) {
                    var node = nodes.get(sender % nodes.size());
                    var order = new SplittableRandom(seed + sender);
                    executor.execute(() -> send(node, entries, order, recorded));
                }
            }
            // Then
            assertThat(recorded).hasSize(entries.size()).doesNotHaveDuplicates();
            var verification = new PostgresAudit(PostgresUrl.parse(url))
                    .verify(Everything.COUNTED, START, difference -> {
                        throw new AssertionError(difference);
                    });
            assertThat(verification.events()).isEqualTo(entries.size());
            assertThat(server.number(url, "SELECT count(DISTINCT (organization, number)) FROM usage_event"))
                    .isEqualTo(entries.size());
        });
    }

    private static void send(
            Ledger node, List<Entry> entries, SplittableRandom order, ConcurrentLinkedQueue<UsageEvent> recorded) {
        var mine = new ArrayList<>(entries);
        Collections.shuffle(mine, order);
        for (int from = 0; from < mine.size(); ) {
            int to = Math.min(mine.size(), from + order.nextInt(1, 40));
            get(node.append(mine.subList(from, to))).stream()
                    .filter(Appended.Recorded.class::isInstance)
                    .forEach(answer -> recorded.add(answer.event()));
            from = to;
        }
    }

    @Test
    void mismatch_with_another_nodes_event_is_told_and_keeps_the_batch_out() {
        // Given
        var url = server.newDatabase();
        var nodes = nodes(url, 2);
        var event = plain(1, "ann", 10);
        get(nodes.getFirst().append(List.of(counting(event))));
        // When
        var other = get(nodes.getLast().append(List.of(counting(plain(2, "bob", 5)), counting(changed(event)))));
        // Then
        assertThat(other).containsExactly(new Appended.Mismatch(plain(2, "bob", 5)), new Appended.Mismatch(event));
        assertThat(get(nodes.getFirst().sum(TOKENS))).isEqualTo(10);
        assertThat(server.number(url, "SELECT count(*) FROM usage_event")).isEqualTo(1);
    }

    @Test
    void recount_beside_a_node_that_records_misses_nothing() {
        // Given
        var url = server.newDatabase();
        var nodes = nodes(url, 2);
        // When
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.execute(() -> {
                for (int i = 0; i < 300; i++) {
                    get(nodes.getFirst().append(List.of(counting(plain(i, "user-" + i % 7, 1)))));
                }
            });
            for (int i = 0; i < 20; i++) {
                get(nodes.getLast().recount(List.of(LedgerCountingContract.recount(TOKENS))));
            }
        }
        // Then
        assertThat(get(nodes.getLast().sum(TOKENS))).isEqualTo(300);
    }

    @Test
    void nodes_that_start_at_once_bring_the_schema_up_together() {
        // Given
        var url = server.newDatabase();
        // When
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                executor.execute(() -> {
                    var database = PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE);
                    synchronized (opened) {
                        opened.add(database);
                    }
                });
            }
        }
        // Then
        assertThat(opened).hasSize(8);
        assertThat(server.number(url, "SELECT count(*) FROM quotary_schema")).isEqualTo(1);
        assertThat(get(new SqlLedger(opened.getLast(), new LedgerModel.Counters())
                        .append(List.of(counting(plain(1, "ann", 1))))))
                .hasOnlyElementsOfType(Appended.Recorded.class);
    }
}
