package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Tail.Numbered;
import dev.quotary.limit.CounterKey;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one server records is read by another in the ledger's order. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
class PostgresTailTest {
    private static final Follower NOBODY = new Follower() {
        @Override
        public void recorded(Entry entry) {
            // Nobody looks.
        }

        @Override
        public void recounted(CounterKey counter, long used) {
            // Nobody looks.
        }
    };

    private PostgresDatabase writing;
    private PostgresDatabase reading;
    private Ledger ledger;
    private PostgresTail tail;

    @BeforeEach
    void open() {
        var url = PostgresUrl.parse(PostgresServer.shared().newDatabase());
        writing = PostgresDatabase.open(url, LedgerParticipant.NONE);
        reading = PostgresDatabase.open(url, LedgerParticipant.NONE);
        ledger = new SqlLedger(writing, NOBODY);
        tail = new PostgresTail(reading);
    }

    @AfterEach
    void close() {
        ledger.close();
        writing.close();
        reading.close();
    }

    private void record(long number, Duration after) {
        var event = LedgerSamples.at(LedgerSamples.START.plus(after), LedgerSamples.plain(number, "ada", 10 * number));
        ledger.append(List.of(LedgerSamples.entry(event))).toCompletableFuture().join();
    }

    @Test
    void events_come_in_the_order_in_which_they_were_recorded_whatever_their_times() {
        // Given
        record(1, Duration.ofHours(3));
        record(2, Duration.ofHours(1));
        record(3, Duration.ofHours(2));
        // When
        var all = tail.after(LedgerSamples.ACME, 0, 10);
        var rest = tail.after(LedgerSamples.ACME, all.getFirst().number(), 1);
        // Then
        assertThat(all)
                .extracting(
                        each -> each.event().metered().amounts().quantities().tokens())
                .containsExactly(10L, 20L, 30L);
        assertThat(all).extracting(Numbered::number).isSorted();
        assertThat(rest).containsExactly(all.get(1));
    }

    @Test
    void newest_number_is_that_of_the_last_event() {
        // Given
        record(1, Duration.ZERO);
        record(2, Duration.ZERO);
        var last = tail.after(LedgerSamples.ACME, 0, 10).getLast();
        // When / Then
        assertThat(tail.newest(LedgerSamples.ACME)).isEqualTo(last.number());
        assertThat(tail.newest())
                .containsEntry(LedgerSamples.ACME, last.number())
                .hasSize(1);
        assertThat(tail.newest(new OrganizationKey("nobody"))).isZero();
        assertThat(tail.after(LedgerSamples.ACME, last.number(), 10)).isEmpty();
    }
}
