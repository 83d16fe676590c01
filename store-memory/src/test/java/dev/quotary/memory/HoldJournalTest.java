package dev.quotary.memory;

import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.TTL;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.testkit.Holds;
import dev.quotary.testkit.LimiterContract;
import dev.quotary.testkit.LimiterRaceContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldJournalTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir
    private Path directory;

    @Test
    void every_field_of_a_hold_comes_back() {
        // Given
        var full = full();
        var bare = hold(2, START);
        var gateway = new Hold(
                id(3),
                bare.call(),
                new Amounts(Quantities.ofTokens(1, Quantities.AMOUNT_MAX / 2, 0), Money.MAX),
                List.of(),
                Instant.parse("1969-12-31T23:59:59.999999999Z"),
                Instant.parse("9999-01-01T00:00:00Z"),
                Hold.Origin.GATEWAY,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                "{\"a\":1}");
        // When
        try (var journal = open()) {
            journal.held(full);
            journal.held(bare);
            journal.held(gateway);
        }
        // Then
        assertThat(reopened()).containsExactly(full, bare, gateway);
    }

    @Test
    void charges_are_left_out_because_limits_may_change() {
        // Given
        var hold = hold(1, START, new Charge(LimiterContract.TOKENS, 5, 9));
        // When
        try (var journal = open()) {
            journal.held(hold);
        }
        // Then
        assertThat(reopened()).containsExactly(hold(1, START));
    }

    @Test
    void closed_holds_are_gone_and_later_ones_replace_earlier() {
        // Given
        var extended = Holds.with(hold(1, START), START.plusSeconds(500), List.of());
        // When
        try (var journal = open()) {
            for (int i = 1; i <= 4; i++) {
                journal.held(hold(i, START));
            }
            journal.settled(id(2));
            journal.released(id(3));
            journal.settled(id(99));
            journal.held(extended);
        }
        // Then
        assertThat(reopened()).containsExactly(extended, hold(4, START));
    }

    @Test
    void released_hold_is_gone_although_the_process_dies_at_once() {
        // Given
        var journal = open();
        journal.held(hold(1, START));
        // When
        journal.released(id(1));
        // Then
        assertThat(reopened()).isEmpty();
    }

    @Test
    void settled_hold_is_gone_with_the_next_record_or_sync() {
        // Given
        var journal = open();
        journal.held(hold(1, START));
        journal.held(hold(2, START));
        journal.settled(id(1));
        var before = reopenedCopy();
        // When
        journal.sync();
        // Then
        assertThat(before).hasSize(2);
        assertThat(reopenedCopy()).containsExactly(hold(2, START));
        journal.settled(id(2));
        journal.held(hold(3, START));
        assertThat(reopenedCopy()).containsExactly(hold(3, START));
    }

    @Test
    void file_cut_at_any_length_gives_the_whole_records_before_and_can_be_written_on() throws IOException {
        // Given
        var states = write();
        byte[] bytes = Files.readAllBytes(file());
        for (int length = 0; length <= bytes.length; length++) {
            var file = new InMemoryFile(Arrays.copyOf(bytes, length));
            // When
            var journal = open(file);
            var read = journal.openHolds();
            journal.held(hold(77, START));
            // Then
            assertThat(read).describedAs("cut at %d", length).isEqualTo(states.get(wholeRecords(states, length)));
            assertThat(open(file).openHolds()).hasSize(read.size() + 1).endsWith(hold(77, START));
        }
    }

    @Test
    void file_with_any_byte_changed_gives_the_records_before() throws IOException {
        // Given
        var states = write();
        byte[] bytes = Files.readAllBytes(file());
        for (int at = 0; at < bytes.length; at++) {
            for (int flip : new int[] {1, 0x80, 0xff}) {
                byte[] changed = bytes.clone();
                changed[at] = (byte) (changed[at] ^ flip);
                // When
                var read = open(new InMemoryFile(changed)).openHolds();
                // Then
                assertThat(read)
                        .describedAs("byte %d with %d", at, flip)
                        .isEqualTo(states.get(wholeRecords(states, at)));
            }
        }
    }

    @Test
    void garbage_is_not_taken_for_holds() throws IOException {
        // Given
        Files.write(file(), new byte[100_000]);
        // When
        var read = reopened();
        // Then
        assertThat(read).isEmpty();
        assertThat(Files.size(file())).isZero();
    }

    @Test
    void compaction_keeps_exactly_the_open_holds() throws IOException {
        // Given
        long bound = 2_000;
        // When
        try (var journal = HoldJournal.open(file(), bound)) {
            journal.held(full());
            for (int i = 2; i < 1_000; i++) {
                journal.held(hold(i, START));
                if (i % 3 == 0) {
                    journal.released(id(i));
                } else if (i % 100 != 1) {
                    journal.settled(id(i));
                }
                if (i % 10 == 0) {
                    journal.sync();
                }
            }
            journal.sync();
        }
        // Then
        var open = IntStream.range(2, 1_000)
                .filter(i -> i % 3 != 0 && i % 100 == 1)
                .mapToObj(i -> hold(i, START))
                .toList();
        assertThat(reopened()).startsWith(full()).hasSize(open.size() + 1).endsWith(open.toArray(Hold[]::new));
        assertThat(Files.size(file())).isLessThan(2 * bound);
        assertThat(file().resolveSibling("holds.new")).doesNotExist();
    }

    @Test
    void compaction_forgets_holds_a_day_after_they_expired() {
        // Given
        try (var journal = HoldJournal.open(file(), 0)) {
            journal.held(hold(1, START));
            var aDayLater = START.plus(TTL).plus(Duration.ofDays(1));
            // When
            journal.held(hold(2, aDayLater));
            journal.sync();
            var kept = journal.openHolds();
            journal.held(hold(3, aDayLater.plusSeconds(1)));
            journal.sync();
            // Then
            assertThat(kept).hasSize(2);
            assertThat(journal.openHolds()).containsExactly(hold(2, aDayLater), hold(3, aDayLater.plusSeconds(1)));
        }
    }

    /** Or whoever reserves and never settles fills the memory. */
    @Test
    void oldest_expired_holds_are_forgotten_beyond_the_bound() {
        // Given
        try (var journal = HoldJournal.open(file(), 1 << 30)) {
            var later = START.plus(TTL);
            for (int i = 0; i < HoldJournal.KEPT_MAX + 3; i++) {
                journal.held(hold(i, i == 0 ? later : START));
            }
            // When
            for (int i = 1; i <= 4; i++) {
                journal.held(hold(HoldJournal.KEPT_MAX + 2 + i, later));
            }
            // Then
            assertThat(journal.openHolds())
                    .hasSize(HoldJournal.KEPT_MAX)
                    .contains(hold(0, later), hold(HoldJournal.KEPT_MAX + 6, later))
                    .doesNotContain(hold(6, START), hold(12, START))
                    .contains(hold(1, START), hold(13, START));
        }
        assertThat(reopened()).hasSize(HoldJournal.KEPT_MAX);
    }

    @Test
    void oldest_expired_holds_are_forgotten_beyond_the_bound_in_bytes() {
        // Given
        var metadata = "x".repeat(8_000);
        var later = START.plus(TTL);
        try (var journal = HoldJournal.open(file(), 1 << 30)) {
            int fit = Math.toIntExact(
                    HoldJournal.KEPT_BYTES_MAX / HoldJournal.record(withMetadata(0, later, metadata)).length);
            for (int i = 0; i < fit; i++) {
                journal.held(withMetadata(i, i == 0 ? later : START, metadata));
            }
            // When
            journal.held(withMetadata(-1, later, metadata));
            journal.held(withMetadata(-2, later, metadata));
            // Then
            assertThat(journal.openHolds())
                    .hasSize(fit)
                    .contains(withMetadata(0, later, metadata), withMetadata(3, START, metadata))
                    .contains(withMetadata(-1, later, metadata), withMetadata(-2, later, metadata))
                    .doesNotContain(withMetadata(1, START, metadata), withMetadata(2, START, metadata));
        }
    }

    private static Hold withMetadata(int number, Instant admittedAt, String metadata) {
        var plain = hold(number, admittedAt);
        return new Hold(
                plain.id(),
                plain.call(),
                plain.amounts(),
                List.of(),
                admittedAt,
                plain.expiresAt(),
                plain.origin(),
                plain.fingerprint(),
                0,
                metadata);
    }

    @Test
    void leftover_of_a_compaction_that_was_killed_is_overwritten() throws IOException {
        // Given
        try (var journal = open()) {
            journal.held(hold(8, START));
            journal.held(hold(9, START));
        }
        Files.move(file(), file().resolveSibling("holds.new"));
        // When
        try (var journal = HoldJournal.open(file(), 0)) {
            journal.held(hold(1, START));
            journal.sync();
        }
        // Then
        assertThat(reopened()).containsExactly(hold(1, START));
    }

    @Test
    void threads_may_write_release_and_sync_while_it_compacts() throws Exception {
        // Given
        int each = 200;
        try (var journal = HoldJournal.open(file(), 5_000)) {
            // When
            LimiterRaceContract.race(racer -> {
                for (int i = 0; i < each; i++) {
                    long number = (long) racer * each + i;
                    journal.held(hold(number, START));
                    if (i % 10 != 0) {
                        journal.released(id(number));
                    }
                    if (i % 20 == 7) {
                        journal.sync();
                    }
                }
                journal.sync();
            });
            // Then
            assertThat(journal.openHolds()).hasSize(LimiterRaceContract.RACERS * each / 10);
        }
        assertThat(reopened())
                .hasSize(LimiterRaceContract.RACERS * each / 10)
                .allMatch(hold -> hold.id().low() % 10 == 0);
    }

    @Test
    void journal_in_no_directory_is_refused() {
        // When, Then
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> HoldJournal.open(directory.resolve("missing/holds"), NEVER))
                .withMessageContaining("missing");
    }

    private static Hold full() {
        var dimensions = new Dimensions("openai", "gpt-5 \uD83D\uDE80", "größe", "s\0x", "w", Map.of("team", "blau"));
        var call = new Call(new OrganizationKey("acme"), new SubjectKey("ada"), new KeyId("key_1"), dimensions);
        var quantities = new Quantities(1, 2, 3, 4_000_000_000L, Map.of(new MeterKey("kb_file"), 0L));
        return new Hold(
                new ReservationId(Long.MIN_VALUE, -1),
                call,
                new Amounts(quantities, new Money(10_500_000_000L)),
                List.of(),
                START.plusNanos(123_456_789),
                START.plusSeconds(60),
                Hold.Origin.API,
                -2);
    }

    /** Writes records of every kind and gives what is open after each length at which a record ends. */
    private Map<Long, List<Hold>> write() throws IOException {
        var states = new HashMap<Long, List<Hold>>();
        try (var journal = open()) {
            states.put(0L, List.of());
            List<Runnable> steps = List.of(
                    () -> journal.held(full()),
                    () -> journal.held(hold(2, START)),
                    () -> journal.released(id(2)),
                    () -> journal.held(Holds.with(full(), START.plusSeconds(99), List.of())),
                    () -> journal.held(hold(3, START)),
                    () -> journal.released(full().id()));
            for (var step : steps) {
                step.run();
                states.put(Files.size(file()), journal.openHolds());
            }
        }
        return states;
    }

    private static long wholeRecords(Map<Long, List<Hold>> states, int length) {
        return states.keySet().stream()
                .filter(end -> end <= length)
                .max(Long::compare)
                .orElseThrow();
    }

    private Path file() {
        return directory.resolve("holds");
    }

    private HoldJournal open() {
        return HoldJournal.open(file(), NEVER);
    }

    private HoldJournal open(InMemoryFile file) {
        return HoldJournal.open(file(), NEVER, _ -> file);
    }

    private List<Hold> reopened() {
        try (var journal = open()) {
            return journal.openHolds();
        }
    }

    /** What a process would read that starts after this one dies now. */
    private List<Hold> reopenedCopy() {
        try {
            var copy = directory.resolve("copy");
            Files.write(copy, Files.readAllBytes(file()));
            try (var journal = HoldJournal.open(copy, NEVER)) {
                return journal.openHolds();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
