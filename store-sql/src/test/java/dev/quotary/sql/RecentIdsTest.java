package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.changed;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.call.Ids;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.testkit.FakeClock;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That an id is taken for new only where it is new, and that every path by which one comes twice still counts once. */
class RecentIdsTest {
    @TempDir
    private Path directory;

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock, new Random(1));

    private RecentIds recent(Path file) {
        try (var database = SqliteDatabase.open(file)) {
            return database.access().readers().run(session -> RecentIds.from(clock.instant(), session));
        }
    }

    @Test
    void id_made_after_the_start_is_new_until_something_is_stored_under_it() {
        // Given
        var before = ids.next().event();
        clock.advance(Duration.ofMillis(1));
        var recent = recent(directory.resolve("ledger.db"));
        var stored = ids.next().event();
        var other = ids.next().event();
        // When
        recent.add(stored);
        // Then
        assertThat(recent.isNew(stored)).isFalse();
        assertThat(recent.isNew(other)).isTrue();
        assertThat(recent.isNew(before)).isFalse();
    }

    @Test
    void id_of_another_form_is_never_taken_for_new() {
        // Given
        var recent = recent(directory.resolve("ledger.db"));
        var made = ids.next().event();
        // When, Then
        assertThat(recent.isNew(made)).isTrue();
        assertThat(recent.isNew(new EventId(made.high() ^ 0x1000, made.low()))).isFalse();
        assertThat(recent.isNew(new EventId(made.high(), made.low() ^ Long.MIN_VALUE)))
                .isFalse();
        assertThat(recent.isNew(EventId.named(new OrganizationKey("acme"), "source", "1")))
                .isFalse();
        clock.advance(Duration.ofDays(1_001));
        assertThat(recent.isNew(ids.next().event())).isFalse();
        assertThat(RecentIds.none().isNew(made)).isFalse();
    }

    @Test
    void ids_of_before_the_clock_was_set_back_are_known_from_the_start_in_every_organization() {
        // Given
        var file = directory.resolve("ledger.db");
        var later = List.of(ids.next().event(), ids.next().event());
        try (var database = SqliteDatabase.open(file);
                var ledger = new SqlLedger(database, new LedgerModel.Counters())) {
            get(ledger.append(List.of(new Entry(of("acme", later.getFirst(), 1), List.of()))));
            get(ledger.append(List.of(new Entry(of("zoo", later.getLast(), 1), List.of()))));
        }
        // When
        clock.set(clock.instant().minusSeconds(3_600));
        var recent = recent(file);
        // Then
        assertThat(later).noneMatch(recent::isNew);
        assertThat(recent.isNew(
                        new EventId(later.getFirst().high(), later.getFirst().low() ^ 1)))
                .isTrue();
    }

    @Test
    void of_too_many_ids_the_older_half_is_asked_for_again() {
        // Given
        var recent = recent(directory.resolve("ledger.db"));
        var all = new ArrayList<EventId>();
        // When
        for (int i = 0; i < RecentIds.KEPT_MAX; i++) {
            all.add(ids.next().event());
            recent.add(all.getLast());
        }
        // Then
        assertThat(all).noneMatch(recent::isNew);
        assertThat(recent.isNew(
                        new EventId(all.getFirst().high(), all.getFirst().low() ^ 1)))
                .isFalse();
        assertThat(recent.isNew(new EventId(all.getLast().high(), all.getLast().low() ^ 1)))
                .isTrue();
        assertThat(recent.isNew(ids.next().event())).isTrue();
    }

    private static UsageEvent of(String organization, EventId id, long tokens) {
        var sample = plain(tokens, "ann", tokens);
        var call = new Call(
                new OrganizationKey(organization),
                sample.call().subject(),
                null,
                sample.call().dimensions());
        return new UsageEvent(id, sample.time(), call, sample.metered(), sample.result(), "", tokens);
    }

    @Test
    void whatever_repeats_an_id_made_here_counts_it_once() {
        Seeds.forEach(40, random -> {
            var life = new Life(directory.resolve("run-" + random.nextLong()), random);
            for (int step = 0; step < 60; step++) {
                life.step();
            }
            life.close();
        });
    }

    /** A ledger through restarts, deaths and clocks that go back, beside a map of what it must hold. */
    private static final class Life {
        private static final int LARGE_BATCH = 65;

        private final RandomGenerator random;
        private final FakeClock clock = new FakeClock();
        private final Map<EventId, UsageEvent> stored = new HashMap<>();
        private final List<UsageEvent> sent = new ArrayList<>();
        private Ids ids;
        private Path home;
        private SqliteDatabase database;
        private SqlLedger ledger;
        private int deaths;

        Life(Path home, RandomGenerator random) {
            this.random = random;
            this.home = home;
            this.ids = new Ids(clock, random);
            create(home);
            this.database = SqliteDatabase.open(home.resolve("quotary.db"));
            this.ledger = new SqlLedger(database, new LedgerModel.Counters(), clock);
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0 -> restart();
                case 1 -> die();
                case 2 -> clock.advance(Duration.ofMillis(random.nextInt(2_000)));
                case 3 -> appendMany();
                default -> append(List.of(random.nextBoolean() || sent.isEmpty() ? made() : repeated()));
            }
        }

        private UsageEvent made() {
            var event = of("acme", ids.next().event(), 1 + random.nextInt(100));
            sent.add(event);
            return event;
        }

        private UsageEvent repeated() {
            var event = sent.get(random.nextInt(sent.size()));
            return random.nextInt(4) == 0 ? changed(event) : event;
        }

        /** So many that they go past the log; one of them may be a repeat. */
        private void appendMany() {
            var batch = new ArrayList<UsageEvent>();
            for (int i = 0; i < LARGE_BATCH; i++) {
                batch.add(made());
            }
            append(batch);
        }

        private void append(List<UsageEvent> events) {
            // Given
            var expected = events.stream().map(this::expected).toList();
            // When
            var answers = get(
                    ledger.append(events.stream().map(event -> counting(event)).toList()));
            // Then
            assertThat(answers).isEqualTo(expected);
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(sum());
        }

        private Appended expected(UsageEvent event) {
            var before = stored.putIfAbsent(event.id(), event);
            if (before == null) {
                return new Appended.Recorded(event);
            }
            return before.equals(event) ? new Appended.Duplicate(before) : new Appended.Mismatch(before);
        }

        private long sum() {
            return stored.values().stream()
                    .mapToLong(event -> event.metered().amounts().quantities().tokens())
                    .sum();
        }

        private void restart() {
            close();
            open();
        }

        /** What is on the disk at this instant is all that the next run has. */
        private void die() {
            var after = home.resolveSibling(home.getFileName() + "-" + ++deaths);
            create(after);
            for (var file : files(home)) {
                copy(file, after.resolve(file.getFileName()));
            }
            close();
            home = after;
            open();
        }

        /** Each run makes ids by a clock that may have been set back. */
        private void open() {
            clock.set(clock.instant().plusMillis(random.nextInt(-5_000, 5_000)));
            ids = new Ids(clock, random);
            database = SqliteDatabase.open(home.resolve("quotary.db"));
            ledger = new SqlLedger(database, new LedgerModel.Counters(), clock);
        }

        void close() {
            ledger.close();
            database.close();
        }

        private static void create(Path directory) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<Path> files(Path directory) {
            try (Stream<Path> files = Files.list(directory)) {
                // The database's index of its log is made anew, and the log is read before the database changes again.
                return files.filter(file -> !file.toString().endsWith("-shm"))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void copy(Path from, Path to) {
            try {
                Files.copy(from, to);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
