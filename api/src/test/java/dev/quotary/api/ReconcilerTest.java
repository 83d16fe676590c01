package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.api.declare.ApplyOrder;
import dev.quotary.api.declare.Declaring;
import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.http.Documents;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.SpotChecks;
import dev.quotary.ledger.SpotChecks.Checked;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Scope;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.price.PriceBook;
import dev.quotary.price.TokenUsage;
import dev.quotary.sql.SqlCatalogStore;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqlSpotChecks;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.testkit.FakeClock;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.CounterAudit;
import dev.quotary.usage.Reconciler;
import dev.quotary.usage.Settlements;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {
    private static final PriceBook PRICES = BuiltInPrices.load();
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final Instant NOW = Instant.parse("2026-11-22T10:20:00Z");
    private static final Counted REQUESTS_A_DAY =
            new Counted(MeterKey.REQUESTS, Filter.ALL, Scope.SUBJECT, WindowSpec.parse("day"));

    @TempDir
    private Path directory;

    private final FakeClock clock = new FakeClock(NOW);
    private final Catalog catalog = new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), PRICES));
    private final MemoryLimiter limiter = new MemoryLimiter();
    private final Seen seen = new Seen();
    private SqliteDatabase database;
    private SqlLedger ledger;
    private Settlements settlements;
    private Reconciler reconciler;
    private long number;

    /** What the reconciler said. */
    private static final class Seen implements Reconciler.Observer {
        private final List<Difference> found = new ArrayList<>();
        private final List<Difference> repaired = new ArrayList<>();
        private final Map<Checked, Integer> checks = new EnumMap<>(Checked.class);
        private int compared;
        private int passes;

        @Override
        public void found(Difference difference) {
            found.add(difference);
        }

        @Override
        public void repaired(Difference.OfCounter difference) {
            repaired.add(difference);
        }

        @Override
        public void compared(int counterCount) {
            compared += counterCount;
        }

        @Override
        public void checked(Checked outcome) {
            checks.merge(outcome, 1, Integer::sum);
        }

        @Override
        public void passed(Instant begun) {
            passes++;
        }
    }

    @BeforeEach
    void open() {
        database = SqliteDatabase.open(file());
        ledger = new SqlLedger(database, Settlements.follower(limiter, clock));
        settlements = new Settlements(catalog, ledger, clock);
        declare("free");
        reconciler = new Reconciler(
                catalog,
                new CounterAudit(catalog, new CounterAudit.Counters(limiter, limiter), ledger, clock),
                new SqlSpotChecks(database),
                clock,
                seen);
        clock.advance(Duration.ofMinutes(2));
    }

    private void declare(String plan) {
        new Declaring(catalog, new SqlCatalogStore(database), ledger, clock, PRICES)
                .apply(Documents.yaml("""
                plans: [ { key: %s, limits: [ { key: r, meter: requests, per: subject, window: day, max: 1000000 } ] } ]
                organizations: [ { key: acme, plan: %s } ]
                """.formatted(plan, plan)), ApplyOrder.by(Actor.SERVER));
    }

    @AfterEach
    void close() {
        ledger.close();
        database.close();
    }

    @Test
    void pass_over_what_is_right_finds_nothing() {
        // Given
        record("ada", 3);
        record("bob", 2);
        // When
        pass();
        // Then
        assertThat(seen.found).isEmpty();
        assertThat(seen.compared).isEqualTo(2);
        assertThat(seen.checks).isEqualTo(Map.of(Checked.COMPARED, 3));
    }

    @Test
    void wrong_counter_is_told_and_set_right() {
        // Given
        record("ada", 3);
        limiter.correct(counter("ada"), 40);
        // When
        pass();
        // Then
        assertThat(seen.found).containsExactly(ofCounter("ada", 3, 40));
        assertThat(seen.repaired).containsExactly(ofCounter("ada", 3, 40));
        assertThat(used("ada")).isEqualTo(3);
    }

    @Test
    void counter_is_not_set_to_a_sum_that_the_events_do_not_bear_out() throws SQLException {
        // Given
        record("ada", 3);
        damage("UPDATE window_sum SET used = 1");
        // When
        pass();
        // Then
        var wrongSum = new Difference.OfSum(
                ACME,
                REQUESTS_A_DAY.text(),
                new Difference.Whose("ada", counter("ada").window().start()),
                3,
                1);
        assertThat(seen.found).containsExactly(ofCounter("ada", 1, 3), wrongSum, wrongSum);
        assertThat(seen.repaired).isEmpty();
        assertThat(used("ada")).isEqualTo(3);
    }

    @Test
    void wrong_rollup_of_this_hour_is_told() throws SQLException {
        // Given
        record("ada", 3);
        damage("UPDATE usage_hour SET requests = 4");
        // When
        pass();
        // Then
        var hour = new Difference.Hour(Instant.parse("2026-11-22T10:00:00Z"), "ada", "", "", "");
        assertThat(seen.found).containsExactly(new Difference.OfRollup(ACME, hour, "requests", 3, 4));
    }

    @Test
    void windows_are_left_out_while_declarations_change() throws SQLException {
        // Given
        record("ada", 3);
        damage("UPDATE window_sum SET used = 1");
        limiter.correct(counter("ada"), 1);
        declare("other");
        damage("UPDATE window_sum SET used = 1");
        // When
        pass();
        // Then
        assertThat(seen.checks).isEqualTo(Map.of(Checked.COMPARED, 2, Checked.LEFT_OUT, 1));
    }

    @Test
    void window_of_too_many_events_is_left_out() {
        // Given
        var events = new ArrayList<UsageEvent>();
        for (int i = 0; i <= SpotChecks.EVENTS_MAX; i++) {
            events.add(event("ada", 1));
        }
        settlements.record(events.subList(0, 10_000)).toCompletableFuture().join();
        settlements.record(events.subList(10_000, 20_000)).toCompletableFuture().join();
        settlements
                .record(events.subList(20_000, events.size()))
                .toCompletableFuture()
                .join();
        // When
        pass();
        // Then
        assertThat(seen.found).isEmpty();
        assertThat(seen.checks).isEqualTo(Map.of(Checked.COMPARED, 1, Checked.LEFT_OUT, 2));
    }

    @Test
    void use_on_its_way_is_no_drift() {
        // Given
        var pending = new ArrayList<CompletableFuture<?>>();
        // When
        for (int i = 0; i < 300; i++) {
            pending.add(settlements.record(List.of(event("u" + i % 7, 1))).toCompletableFuture());
            reconciler.step();
        }
        pending.forEach(CompletableFuture::join);
        // Then
        assertThat(seen.found).isEmpty();
        assertThat(seen.compared).isPositive();
        assertThat(seen.passes).isGreaterThan(10);
    }

    private void pass() {
        int before = seen.passes;
        while (seen.passes == before) {
            reconciler.step();
        }
    }

    private void record(String subject, long requests) {
        settlements
                .record(List.of(event(subject, requests)))
                .toCompletableFuture()
                .join();
    }

    private UsageEvent event(String subject, long requests) {
        var call = new Call(ACME, new SubjectKey(subject), null, Dimensions.NONE);
        var amounts = new Amounts(Quantities.ofTokens(requests, 0, 0), Money.ZERO);
        var metered = new Metered(amounts, TokenUsage.NONE, Optional.empty(), Evidence.REPORTED);
        return new UsageEvent(new EventId(7, ++number), clock.instant(), call, metered, Result.SUCCESS, "", 1);
    }

    private CounterKey counter(String subject) {
        return new CounterKey(
                ACME, REQUESTS_A_DAY, subject, REQUESTS_A_DAY.window().at(NOW, WindowCalendar.UTC));
    }

    private Difference.OfCounter ofCounter(String subject, long expected, long found) {
        var whose = new Difference.Whose(subject, counter(subject).window().start());
        return new Difference.OfCounter(ACME, REQUESTS_A_DAY.text(), whose, expected, found);
    }

    private long used(String subject) {
        return limiter.levels(ACME, List.of(counter(subject)), clock.instant()).used(0);
    }

    private Path file() {
        return directory.resolve("quotary.db");
    }

    private void damage(String sql) throws SQLException {
        // Brings into the database what is in the ledger's log still.
        ledger.openSums(clock.instant(), _ -> {});
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute(sql);
        }
    }
}
