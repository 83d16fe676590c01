package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.found;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The database stops under load, as if it had been killed, and starts again. */
class PostgresRestartTest {
    private static final int SENDERS = 8;
    private static final int STOPS = 3;

    @Test
    void what_was_acknowledged_is_there_once_after_the_database_was_killed_again_and_again() {
        try (var server = PostgresServer.start(Map.of())) {
            // Given
            var url = server.newDatabase();
            var follower = new LedgerModel.Counters();
            Set<UsageEvent> acknowledged = ConcurrentHashMap.newKeySet();
            try (var database = PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE);
                    var ledger = new SqlLedger(database, follower)) {
                // When
                var load = new Load(ledger, acknowledged);
                for (int stop = 0; stop < STOPS; stop++) {
                    load.run(server);
                }
                // Then
                assertThat(acknowledged).hasSizeGreaterThan(STOPS * SENDERS);
                assertThat(acknowledged)
                        .allSatisfy(event -> assertThat(found(ledger, event)).contains(event));
                long sum = get(ledger.sum(TOKENS));
                assertThat(server.number(url, "SELECT count(*) FROM usage_event"))
                        .isEqualTo(sum);
                assertThat(server.number(url, "SELECT sum(events) FROM usage_hour"))
                        .isEqualTo(sum);
                assertThat(follower.used()).containsExactly(Map.entry(TOKENS, sum));
                assertThat(follower.events()).hasSize(Math.toIntExact(sum)).containsAll(acknowledged);
            }
        }
    }

    /** Senders that append event after event, each of them until it is acknowledged. */
    private static final class Load {
        private final Ledger ledger;
        private final Set<UsageEvent> acknowledged;
        private long numbers;

        Load(Ledger ledger, Set<UsageEvent> acknowledged) {
            this.ledger = ledger;
            this.acknowledged = acknowledged;
        }

        /** Stops the database under load, starts it again, and waits until every sender has got through again. */
        void run(PostgresServer server) {
            var ending = new AtomicBoolean();
            var before = new CountDownLatch(SENDERS * 10);
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int sender = 0; sender < SENDERS; sender++) {
                    numbers += 1_000_000;
                    long first = numbers;
                    executor.execute(() -> {
                        for (long number = first; !ending.get(); number++) {
                            send(plain(number, "user-" + number % 5, 1));
                            before.countDown();
                        }
                    });
                }
                await(before);
                server.stopImmediately();
                server.start();
                ending.set(true);
            }
        }

        private void send(UsageEvent event) {
            for (int tries = 0; tries < 100_000; tries++) {
                try {
                    var answer = get(ledger.append(List.of(counting(event)))).getFirst();
                    assertThat(answer).isNotInstanceOf(Appended.Mismatch.class);
                    assertThat(acknowledged.add(event)).isTrue();
                    return;
                } catch (StoreUnavailableException _) {
                    // Whether it took effect is unknown; repeating it is safe.
                }
            }
            throw new AssertionError("never acknowledged");
        }

        private static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void calls_fail_at_once_while_the_database_is_away_and_succeed_when_it_is_back() {
        try (var server = PostgresServer.start(Map.of())) {
            // Given
            var url = server.newDatabase();
            try (var database = PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE);
                    var ledger = new SqlLedger(database, new LedgerModel.Counters())) {
                var catalog = new SqlCatalogStore(database);
                var document = new Document("plan", "", "pro", "{}");
                catalog.save(List.of(document));
                // When
                server.stop();
                // Then
                assertThatThrownBy(() -> get(ledger.append(List.of(counting(plain(1, "ann", 1))))))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("cannot be reached")
                        .hasMessageNotContaining(PostgresServer.PASSWORD);
                assertThatThrownBy(() -> get(ledger.sum(TOKENS))).isInstanceOf(StoreUnavailableException.class);
                assertThatThrownBy(() -> catalog.save(List.of(document))).isInstanceOf(StoreUnavailableException.class);
                assertThatThrownBy(catalog::load).isInstanceOf(StoreUnavailableException.class);
                // When
                server.start();
                // Then
                assertThat(catalog.load()).containsExactly(document);
                assertThat(get(ledger.append(List.of(counting(plain(1, "ann", 1))))))
                        .hasOnlyElementsOfType(Appended.Recorded.class);
                assertThat(get(ledger.sum(TOKENS))).isEqualTo(1);
            }
        }
    }
}
