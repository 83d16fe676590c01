package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.found;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerContract.openSums;
import static dev.quotary.testkit.LedgerContract.sumOf;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.meter.MeterKey;
import dev.quotary.testkit.LedgerContract;
import dev.quotary.testkit.LedgerCountingContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.postgres.PostgresServer;
import dev.quotary.time.WindowSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Opening: what is said of a database that cannot be used; and what PostgreSQL alone would stumble over. */
class PostgresDatabaseTest {
    private final PostgresServer server = PostgresServer.shared();
    private final String url = server.newDatabase();

    private static PostgresDatabase open(String url) {
        return PostgresDatabase.open(PostgresUrl.parse(url), LedgerParticipant.NONE);
    }

    @Test
    void wrong_password_is_told_without_being_shown() {
        // Given
        var wrong = url.replaceFirst(":[^:@]*@", ":0p3n-sesame@");
        // When, Then
        assertThatThrownBy(() -> open(wrong))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("refuses the user or the password")
                .hasMessageContaining("quotary:***@127.0.0.1")
                .satisfies(failure -> assertThat(causes(failure)).doesNotContain("0p3n-sesame"));
    }

    private static String causes(Throwable failure) {
        var text = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            text.append(each).append('\n');
        }
        return text.toString();
    }

    @Test
    void unknown_database_and_closed_port_are_told() {
        // Given
        var nowhere = url.substring(0, url.lastIndexOf('/')) + "/nowhere";
        var closed = url.replace(":" + server.port() + "/", ":1/");
        // When, Then
        assertThatThrownBy(() -> open(nowhere)).hasMessageContaining("there is no such database");
        assertThatThrownBy(() -> open(closed)).hasMessageContaining("cannot be reached");
    }

    @Test
    void database_of_a_newer_version_is_refused_and_left_alone() {
        // Given
        open(url).close();
        server.execute(url, "UPDATE quotary_schema SET version = 99");
        // When, Then
        assertThatThrownBy(() -> open(url))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("schema version 99 of a newer Quotary");
        assertThat(server.number(url, "SELECT version FROM quotary_schema")).isEqualTo(99);
    }

    @Test
    void database_from_before_fees_is_brought_up_to_date_with_its_events() {
        // Given
        open(url).close();
        server.execute(
                url,
                "ALTER TABLE usage_event DROP COLUMN fees, DROP COLUMN parts, DROP COLUMN costing, DROP COLUMN corrected_cost, "
                        + "DROP COLUMN source, DROP COLUMN name, DROP COLUMN type, DROP COLUMN received");
        server.execute(
                url,
                "DROP TABLE cost_correction, key_use, audit_entry, subject_move, meter_hour, meter_value, usage_sync");
        server.execute(url, "ALTER TABLE usage_hour DROP COLUMN queue_wait_ms");
        server.execute(url, "DROP INDEX usage_event_number");
        server.execute(url, "DROP TABLE usage_fold, usage_day, usage_month, usage_total");
        server.execute(url, "UPDATE quotary_schema SET version = 4");
        server.execute(url, OldEvents.PRICE);
        server.execute(url, OldEvents.event("'\\x00000000000000010000000000000002'"));
        server.execute(url, OldEvents.HOUR);
        // When
        try (var database = open(url)) {
            var ledger = new SqlLedger(database, new LedgerModel.Counters());
            // Then
            OldEvents.assertRead(get(ledger.find(ACME, OldEvents.ID)));
            assertThat(server.number(url, "SELECT version FROM quotary_schema")).isEqualTo(15);
            assertThat(server.number(url, "SELECT queue_wait_ms FROM usage_hour"))
                    .isEqualTo(7);
        }
    }

    @Test
    void table_of_another_program_in_the_way_is_told_and_nothing_is_made_beside_it() {
        // Given
        server.execute(url, "CREATE TABLE window_sum (n INT)");
        // When, Then
        assertThatThrownBy(() -> open(url))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("window_sum");
        assertThat(server.number(url, "SELECT count(*) FROM pg_tables WHERE tablename = 'usage_event'"))
                .isZero();
    }

    @Test
    void texts_that_postgres_cannot_keep_come_back_as_they_were() {
        // Given
        var odd = "a\0b\uffff0000\ud800";
        var event = new UsageEvent(
                plain(1, "ann", 1).id(),
                START,
                new Call(ACME, null, null, new Dimensions(odd, odd, odd, odd, odd, Map.of(odd, odd))),
                plain(1, "ann", 1).metered(),
                plain(1, "ann", 1).result(),
                "{\"" + odd + "\":1}",
                7);
        var perSession = new CounterKey(
                ACME,
                new Counted(
                        MeterKey.TOKENS, new Filter(Map.of("model", "a\0*")), Scope.SESSION, WindowSpec.parse("day")),
                odd,
                LedgerContract.JANUARY_1);
        try (var database = open(url);
                var ledger = new SqlLedger(database, new LedgerModel.Counters())) {
            // When
            var entry = new Entry(event, List.of(Posting.add(perSession, 1)));
            get(ledger.append(List.of(entry)));
            get(ledger.recount(List.of(LedgerCountingContract.recount(perSession))));
            // Then
            assertThat(found(ledger, event)).contains(event);
            assertThat(get(ledger.append(List.of(entry)))).containsExactly(new Appended.Duplicate(event));
            assertThat(get(ledger.sum(perSession))).isEqualTo(1);
            assertThat(openSums(ledger, START)).containsExactly(sumOf(perSession, 1));
        }
    }
}
