package dev.quotary.sql;

import static dev.quotary.testkit.LedgerContract.TOKENS;
import static dev.quotary.testkit.LedgerContract.counting;
import static dev.quotary.testkit.LedgerContract.found;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.changed;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.journal.JournalFile;
import dev.quotary.journal.Records;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import dev.quotary.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that are acknowledged and not yet in the database, and what a crash or a full disk makes of them. */
class IntakeTest {
    private final LedgerModel.Counters follower = new LedgerModel.Counters();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("quotary.db");
    }

    /** Another process that keeps the database from being written to. */
    private Connection locking() throws SQLException {
        var other = RawSql.connect(file());
        other.createStatement().execute("BEGIN IMMEDIATE");
        return other;
    }

    private SqliteDatabase impatient() {
        return SqliteDatabase.open(file(), List.of("PRAGMA busy_timeout = 1"));
    }

    @Test
    void acknowledged_entries_are_answered_before_the_database_has_them() throws SQLException {
        // Given
        var event = plain(1, "ann", 10);
        try (var database = impatient();
                var ledger = new SqlLedger(database, follower);
                var _ = locking()) {
            // When
            var first = get(ledger.append(List.of(counting(event))));
            var second = get(ledger.append(List.of(counting(event))));
            var other = get(ledger.append(List.of(counting(changed(event)))));
            // Then
            assertThat(first).containsExactly(new Appended.Recorded(event));
            assertThat(second).containsExactly(new Appended.Duplicate(event));
            assertThat(other).containsExactly(new Appended.Mismatch(event));
            assertThat(found(ledger, event)).contains(event);
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(10);
            assertThat(follower.events()).containsExactly(event);
            assertThat(RawSql.number(file(), "SELECT count(*) FROM usage_event"))
                    .isZero();
        }
    }

    @Test
    void what_a_crash_leaves_in_the_log_is_in_the_database_after_the_next_start() throws IOException, SQLException {
        Seeds.forEach(10, random -> {
            // Given
            var samples = new LedgerSamples(random);
            var before = new ArrayList<Entry>();
            for (int i = 0; i < 30; i++) {
                before.add(withoutLevels(samples.entry()));
            }
            var crashed = crashed(before, directory.resolve("crashed-" + random.nextLong()));
            var expected = new LedgerModel.Counters();
            before.forEach(expected::recorded);
            // When
            try (var database = SqliteDatabase.open(crashed);
                    var ledger = new SqlLedger(database, follower)) {
                // Then
                assertThat(before)
                        .allSatisfy(entry ->
                                assertThat(found(ledger, entry.event())).contains(entry.event()));
                for (var entry : before) {
                    for (var posting : entry.postings()) {
                        assertThat(get(ledger.sum(posting.counter())))
                                .isEqualTo(expected.used().get(posting.counter()));
                    }
                }
                assertThat(number(crashed, "SELECT count(*) FROM usage_event")).isEqualTo(before.size());
                assertThat(number(crashed, "SELECT sum(events) FROM usage_hour"))
                        .isEqualTo(before.size());
                assertThat(IntakeLog.leftBehind(crashed)).isEmpty();
                assertThat(follower.events()).isEmpty();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static Entry withoutLevels(Entry entry) {
        return new Entry(
                entry.event(),
                entry.postings().stream().filter(posting -> !posting.level()).toList());
    }

    /** A copy of the files as they are when nothing of the entries is in the database yet; one batch an entry. */
    private static Path crashed(List<Entry> entries, Path directory) {
        try {
            Files.createDirectories(directory.resolve("left"));
            var file = directory.resolve("quotary.db");
            try (var database = SqliteDatabase.open(file, List.of("PRAGMA busy_timeout = 1"));
                    var ledger = new SqlLedger(database, new LedgerModel.Counters());
                    var other = RawSql.connect(file)) {
                other.createStatement().execute("BEGIN IMMEDIATE");
                for (var entry : entries) {
                    get(ledger.append(List.of(entry)));
                }
                try (var files = Files.list(directory)) {
                    for (var each : files.filter(Files::isRegularFile).toList()) {
                        Files.copy(each, directory.resolve("left").resolve(each.getFileName()));
                    }
                }
            }
            return directory.resolve("left").resolve("quotary.db");
        } catch (IOException | SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static long number(Path file, String sql) {
        try {
            return RawSql.number(file, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void log_cut_at_any_byte_gives_whole_batches_only() throws IOException {
        // Given
        var entries = List.of(counting(plain(1, "ann", 1)), counting(plain(2, "ben", 10)));
        var crashed = crashed(entries, directory.resolve("whole"));
        var segment = IntakeLog.leftBehind(crashed).getFirst();
        byte[] all = Files.readAllBytes(segment);
        var sums = new HashSet<Long>();
        for (int size = 0; size <= all.length; size += 7) {
            var cut = Files.createDirectories(directory.resolve("cut-" + size)).resolve("quotary.db");
            for (var left : filesOf(crashed)) {
                Files.copy(left, cut.resolveSibling(left.getFileName()));
            }
            Files.write(cut.resolveSibling(segment.getFileName()), Arrays.copyOf(all, size));
            // When
            try (var database = SqliteDatabase.open(cut);
                    var ledger = new SqlLedger(database, follower)) {
                long sum = get(ledger.sum(TOKENS));
                sums.add(sum);
                // Then
                assertThat(number(cut, "SELECT count(*) FROM usage_event")).isEqualTo(sum == 0 ? 0 : sum == 1 ? 1 : 2);
            }
        }
        assertThat(sums).isSubsetOf(0L, 1L, 11L).contains(0L, 1L);
    }

    private static List<Path> filesOf(Path database) throws IOException {
        try (var files = Files.list(database.resolveSibling("."))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void start_that_dies_before_it_has_deleted_the_log_counts_nothing_twice() throws IOException, SQLException {
        // Given: the database has what is in the log
        var crashed = crashed(List.of(counting(plain(1, "ann", 10))), directory.resolve("twice"));
        var segment = IntakeLog.leftBehind(crashed).getFirst();
        byte[] log = Files.readAllBytes(segment);
        open(crashed);
        Files.write(segment, log);
        // When
        open(crashed);
        // Then
        assertThat(RawSql.number(crashed, "SELECT used FROM window_sum")).isEqualTo(10);
        assertThat(RawSql.number(crashed, "SELECT events FROM usage_hour")).isEqualTo(1);
    }

    private void open(Path database) {
        try (var opened = SqliteDatabase.open(database)) {
            new SqlLedger(opened, follower).close();
        }
    }

    @Test
    void log_of_a_newer_version_stops_the_start_and_is_left_alone() throws IOException {
        // Given
        var crashed = crashed(List.of(counting(plain(1, "ann", 10))), directory.resolve("newer"));
        var segment = IntakeLog.leftBehind(crashed).getFirst();
        byte[] newer = Records.of(out -> out.writeByte(99));
        Files.write(segment, newer);
        try (var database = SqliteDatabase.open(crashed)) {
            // When, Then
            assertThatThrownBy(() -> new SqlLedger(database, follower))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasRootCauseMessage("entries of the unknown form 99");
            assertThat(Files.readAllBytes(segment)).isEqualTo(newer);
        }
    }

    @Test
    void log_that_cannot_be_written_fails_those_who_wait_and_records_nothing() {
        // Given
        var disk = new FailingFiles();
        try (var database = SqliteDatabase.open(file());
                var ledger = new SqlLedger(database, follower, disk, null)) {
            get(ledger.append(List.of(counting(plain(1, "ann", 1)))));
            disk.room.set(100);
            // When
            var refused = ledger.append(List.of(counting(plain(2, "ann", 10))));
            // Then
            assertThatThrownBy(() -> get(refused))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("No space left on device");
            assertThat(found(ledger, plain(2, "ann", 10))).isEmpty();
            disk.room.set(Long.MAX_VALUE / 2);
            assertThat(get(ledger.append(List.of(counting(plain(2, "ann", 10))))))
                    .hasOnlyElementsOfType(Appended.Recorded.class);
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(11);
            assertThat(follower.events()).hasSize(2);
        }
    }

    @Test
    void entry_whose_sync_failed_counts_once_when_it_is_repeated() throws SQLException {
        // Given
        var disk = new FailingFiles();
        try (var database = SqliteDatabase.open(file());
                var ledger = new SqlLedger(database, follower, disk, null)) {
            disk.syncs = false;
            var unknown = ledger.append(List.of(counting(plain(1, "ann", 10))));
            assertThatThrownBy(() -> get(unknown)).isInstanceOf(StoreUnavailableException.class);
            disk.syncs = true;
            // When
            var repeated = get(ledger.append(List.of(counting(plain(1, "ann", 10)))));
            // Then
            assertThat(repeated).hasOnlyElementsOfType(Appended.Recorded.class);
            assertThat(get(ledger.sum(TOKENS))).isEqualTo(10);
        }
        assertThat(RawSql.number(file(), "SELECT used FROM window_sum")).isEqualTo(10);
    }

    /** A disk that fills up within a write, as a real one does, and whose syncs may fail. */
    private static final class FailingFiles implements JournalFile.Opener {
        final AtomicLong room = new AtomicLong(Long.MAX_VALUE / 2);
        volatile boolean syncs = true;

        @Override
        public JournalFile open(Path path) throws IOException {
            var file = new JournalFile.OnDisk(path);
            return new JournalFile() {
                @Override
                public byte[] readAll() throws IOException {
                    return file.readAll();
                }

                @Override
                public void append(byte[] bytes) throws IOException {
                    int fits = (int) Math.min(room.get(), bytes.length);
                    room.addAndGet(-fits);
                    file.append(Arrays.copyOf(bytes, fits));
                    if (fits < bytes.length) {
                        throw new IOException("No space left on device");
                    }
                }

                @Override
                public void cut(long size) throws IOException {
                    file.cut(size);
                }

                @Override
                public void sync() throws IOException {
                    if (!syncs) {
                        throw new IOException("Input/output error");
                    }
                    file.sync();
                }

                @Override
                public void syncName() throws IOException {
                    file.syncName();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }
    }
}
