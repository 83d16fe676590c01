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
import dev.quotary.ledger.SumPages;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.ledger.Verification;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.price.PriceBook;
import dev.quotary.price.TokenUsage;
import dev.quotary.sql.SqlCatalogStore;
import dev.quotary.sql.SqlLedger;
import dev.quotary.sql.SqliteAudit;
import dev.quotary.sql.SqliteDatabase;
import dev.quotary.testkit.FakeClock;
import dev.quotary.testkit.Seeds;
import dev.quotary.usage.CatalogCoverage;
import dev.quotary.usage.CounterAudit;
import dev.quotary.usage.Settlements;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever operators do, what is right is never told to be wrong. */
class AuditProperties {
    private static final PriceBook PRICES = BuiltInPrices.load();
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final List<String> PLANS = List.of("free", "pro", "team");
    private static final List<String> ZONES = List.of("Europe/Berlin", "UTC", "America/New_York");
    private static final List<String> LIMITS = List.of(
            "meter: requests, per: subject, window: minute",
            "meter: requests, per: subject, window: month",
            "meter: tokens, per: subject, window: day, where: { model: \"gpt-*\" }",
            "meter: tokens, per: organization, window: day",
            "meter: cost, per: organization, window: hour",
            "meter: requests, per: session, window: week",
            "meter: requests, per: subject, window: in-flight",
            "meter: tokens.output, per: subject, window: lifetime");

    @TempDir
    private Path directory;

    private int files;

    @Test
    void changes_of_plans_limits_and_calendars_make_no_difference() {
        Seeds.forEach(25, random -> {
            // Given
            try (var system = new Running(directory.resolve("quotary-" + files++ + ".db"), random)) {
                for (int step = 0; step < 40; step++) {
                    // When
                    system.step();
                    // Then
                    assertThat(system.differences()).isEmpty();
                    assertThat(system.wrongCounters()).isEmpty();
                }
            }
        });
    }

    @Test
    void every_compared_sum_that_is_damaged_is_told() {
        Seeds.forEach(10, random -> {
            // Given
            var file = directory.resolve("quotary-" + files++ + ".db");
            try (var system = new Running(file, random)) {
                for (int step = 0; step < 40; step++) {
                    system.step();
                }
                system.fold();
                var before = system.verify(_ -> {});
                // When
                damage(file, "UPDATE window_sum SET used = used + 1");
                var differences = new ArrayList<Difference>();
                var after = system.verify(differences::add);
                // Then
                assertThat(before.differences()).isZero();
                assertThat(after.sums()).isEqualTo(before.sums());
                assertThat(differences)
                        .hasSize((int) before.sums())
                        .allMatch(each -> each.found() == each.expected() + 1);
            }
        });
    }

    private static void damage(Path file, String sql) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** A ledger with everything that belongs to it, and somebody who does this and that. */
    private static final class Running implements AutoCloseable {
        private final RandomGenerator random;
        private final FakeClock clock = new FakeClock(Instant.parse("2026-03-27T09:59:10Z"));
        private final Catalog catalog = new Catalog(new Declarations(Map.of(), Map.of(), Map.of(), PRICES));
        private final MemoryLimiter limiter = new MemoryLimiter();
        private final SqliteDatabase database;
        private final SqlLedger ledger;
        private final Declaring declaring;
        private final Settlements settlements;
        private final SqliteAudit audit;

        Running(Path file, RandomGenerator random) {
            this.random = random;
            this.database = SqliteDatabase.open(file);
            this.ledger = new SqlLedger(database, Settlements.follower(limiter, clock));
            this.declaring = new Declaring(catalog, new SqlCatalogStore(database), ledger, clock, PRICES);
            this.settlements = new Settlements(catalog, ledger, clock);
            this.audit = new SqliteAudit(file);
            apply("plans: [ " + PLANS.stream().map(this::plan).collect(Collectors.joining(", ")) + " ]");
            apply("organizations: [ { key: acme, plan: free } ]");
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0 -> apply("plans: [ " + plan(pick(PLANS)) + " ]");
                case 1 ->
                    apply("organizations: [ { key: acme, plan: " + pick(PLANS) + ", time_zone: " + pick(ZONES)
                            + " } ]");
                case 2, 3 ->
                    apply("organizations: [ { key: acme, subjects: [ { key: " + subject() + ", plan: " + pick(PLANS)
                            + " } ] } ]");
                case 4 -> clock.advance(Duration.ofSeconds(random.nextLong(1, 200_000)));
                default -> record();
            }
        }

        private void apply(String yaml) {
            declaring.apply(Documents.yaml(yaml), ApplyOrder.by(Actor.SERVER));
        }

        private String plan(String key) {
            var limits = new ArrayList<String>();
            for (int i = 0; i < LIMITS.size(); i++) {
                if (random.nextBoolean()) {
                    limits.add("{ key: l" + i + ", " + LIMITS.get(i) + ", max: 1000000 }");
                }
            }
            return "{ key: " + key + ", limits: [ " + String.join(", ", limits) + " ] }";
        }

        private void record() {
            var events = new ArrayList<UsageEvent>();
            for (int i = random.nextInt(1, 10); i > 0; i--) {
                events.add(event());
            }
            settlements.record(events).toCompletableFuture().join();
        }

        private UsageEvent event() {
            var back = random.nextInt(4) == 0 ? Duration.ofSeconds(random.nextLong(400_000)) : Duration.ZERO;
            var call = new Call(
                    ACME,
                    random.nextInt(5) == 0 ? null : new SubjectKey(subject()),
                    null,
                    new Dimensions("openai", pick(List.of("gpt-5", "o3")), null, maybe("s1"), null, Map.of()));
            long tokens = random.nextLong(100);
            var amounts = new Amounts(Quantities.ofTokens(1, tokens, tokens), new Money(random.nextLong(1_000)));
            return new UsageEvent(
                    new EventId(random.nextLong(), random.nextLong()),
                    clock.instant().minus(back),
                    call,
                    new Metered(amounts, TokenUsage.NONE, Optional.empty(), Evidence.REPORTED),
                    Result.SUCCESS,
                    "",
                    1);
        }

        private String subject() {
            return pick(List.of("ada", "bob", "eve"));
        }

        private @Nullable String maybe(String text) {
            return random.nextBoolean() ? text : null;
        }

        private <T> T pick(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        List<Difference> differences() {
            var differences = new ArrayList<Difference>();
            verify(differences::add);
            return differences;
        }

        /** Brings into the database what is in the ledger's log still. */
        void fold() {
            ledger.openSums(clock.instant(), _ -> {});
        }

        Verification verify(Consumer<Difference> each) {
            return audit.verify(new CatalogCoverage(catalog), clock.instant(), each);
        }

        List<Difference.OfCounter> wrongCounters() {
            var counters = new CounterAudit(catalog, new CounterAudit.Counters(limiter, limiter), ledger, clock);
            var wrong = new ArrayList<Difference.OfCounter>();
            var place = Optional.of(SumPages.Place.START);
            while (place.isPresent()) {
                var page = counters.page(place.get(), CounterAudit.Remedy.TELL)
                        .toCompletableFuture()
                        .join();
                wrong.addAll(page.differences());
                place = page.next();
            }
            return wrong;
        }

        @Override
        public void close() {
            ledger.close();
            database.close();
        }
    }
}
