package dev.quotary.memory;

import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full, refuses to sync, or holds what no version of ours can have written. */
class HoldJournalFailureTest {
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir
    private Path directory;

    private final SmallDisk disk = new SmallDisk();

    @Test
    void hold_that_is_written_in_part_is_refused_and_later_ones_are_written() throws IOException {
        // Given
        int length = lengthOfOne();
        for (int room = 0; room < length; room++) {
            Files.deleteIfExists(file());
            try (var journal = open(NEVER)) {
                journal.held(hold(1, START));
                disk.room = room;
                // When
                assertUnavailable(() -> journal.held(hold(2, START)));
                // Then
                assertThat(journal.openHolds()).containsExactly(hold(1, START));
                assertThat(reopenedCopy()).containsExactly(hold(1, START));
                disk.room = SmallDisk.ROOMY;
                journal.held(hold(3, START));
            }
            assertThat(reopenedCopy()).containsExactly(hold(1, START), hold(3, START));
        }
    }

    @Test
    void release_that_cannot_be_written_waits_for_the_next_record() {
        // Given
        try (var journal = open(NEVER)) {
            journal.held(hold(1, START));
            disk.room = 5;
            journal.released(id(1));
            var before = reopenedCopy();
            disk.room = SmallDisk.ROOMY;
            // When
            journal.held(hold(2, START));
            // Then
            assertThat(before).containsExactly(hold(1, START));
            assertThat(reopenedCopy()).containsExactly(hold(2, START));
        }
    }

    @Test
    void failed_compaction_refuses_no_hold_and_is_said_by_the_sync_that_tried() {
        // Given
        try (var journal = open(400)) {
            journal.held(hold(1, START));
            journal.released(id(1));
            journal.held(hold(2, START));
            for (int i = 3; i < 9; i++) {
                journal.held(hold(i, START));
            }
            disk.replaces = false;
            // When
            assertUnavailable(journal::sync);
            // Then
            assertThat(reopenedCopy()).hasSize(7);
            journal.sync();
            for (int i = 9; i < 20; i++) {
                journal.held(hold(i, START));
            }
            disk.replaces = true;
            journal.sync();
            assertThat(reopenedCopy()).hasSize(18).startsWith(hold(2, START)).endsWith(hold(19, START));
        }
    }

    /** A compaction leaves out what expired long ago; if it fails, the old file has it still, and its release must be written there. */
    @Test
    void failed_compaction_forgets_no_hold_that_the_old_file_has() {
        // Given
        var muchLater = START.plusSeconds(2 * 24 * 3600);
        try (var journal = open(1)) {
            disk.replaces = false;
            journal.held(hold(1, START));
            journal.held(hold(2, muchLater));
            assertUnavailable(journal::sync);
            // When
            journal.released(id(1));
            // Then
            assertThat(reopenedCopy()).containsExactly(hold(2, muchLater));
        }
    }

    /** Who reserves waits for one write, however long the file has grown: what takes long is the sync's. */
    @Test
    void caller_never_waits_for_the_disk_nor_for_a_compaction() {
        // Given
        try (var journal = open(1)) {
            // When
            for (int i = 1; i < 9; i++) {
                journal.held(hold(i, START));
                journal.released(id(i - 1));
            }
            // Then
            assertThat(disk.syncsAsked).isZero();
            assertThat(file().resolveSibling("holds.new")).doesNotExist();
            long grown = file().toFile().length();
            journal.sync();
            assertThat(file().toFile().length()).isLessThan(grown / 4);
            assertThat(reopenedCopy()).containsExactly(hold(8, START));
        }
    }

    @Test
    void interrupted_caller_does_not_take_the_journal_from_others() {
        // Given
        try (var journal = HoldJournal.open(file(), 0)) {
            Thread.currentThread().interrupt();
            // When
            journal.held(hold(1, START));
            boolean interrupted = Thread.interrupted();
            journal.held(hold(2, START));
            journal.sync();
            // Then
            assertThat(interrupted).isTrue();
            assertThat(reopenedCopy()).containsExactly(hold(1, START), hold(2, START));
        }
    }

    @Test
    void disk_that_does_not_sync_is_said() {
        // Given
        try (var journal = open(NEVER)) {
            journal.held(hold(1, START));
            disk.syncs = false;
            // When, Then
            assertUnavailable(journal::sync);
            disk.syncs = true;
        }
    }

    @Test
    void failed_close_is_said_once_and_closes() {
        // Given
        var journal = open(NEVER);
        journal.held(hold(1, START));
        disk.syncs = false;
        // When, Then
        assertUnavailable(journal::close);
        journal.close();
        assertUnavailable(() -> journal.held(hold(2, START)));
    }

    @Test
    void closed_journal_takes_no_holds_and_needs_no_sync() {
        // Given
        var journal = open(NEVER);
        journal.held(hold(1, START));
        // When
        journal.close();
        // Then
        journal.close();
        journal.sync();
        assertUnavailable(() -> journal.held(hold(2, START)));
        assertThat(reopenedCopy()).containsExactly(hold(1, START));
    }

    /** Whole, with the right sum, and yet not ours: to cut it off would throw away what a newer version wrote. */
    @Test
    void record_that_no_version_of_ours_wrote_stops_the_start() throws IOException {
        // Given
        var unknownKind = record(9, _ -> {});
        var cutBody = record(2, out -> out.writeLong(1));
        var longBody = record(2, out -> out.write(new byte[17]));
        var unknownOrigin = held(100, 17);
        var expiryBeforeAdmission = held(Long.MIN_VALUE, 1);
        for (byte[] record : List.of(unknownKind, cutBody, longBody, unknownOrigin, expiryBeforeAdmission)) {
            Files.write(file(), record);
            // When, Then
            assertUnavailable(() -> open(NEVER));
            assertThat(Files.size(file())).isEqualTo(record.length);
        }
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    /** The form of version 1, written a second time on purpose: a change of it must fail here. */
    private static byte[] record(int kind, Body body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(kind);
            body.write(out);
        }
        byte[] content = bytes.toByteArray();
        byte[] record = ByteBuffer.allocate(8 + content.length)
                .putInt(0)
                .putInt(content.length)
                .put(content)
                .array();
        var crc = new CRC32();
        crc.update(record, 4, record.length - 4);
        return ByteBuffer.wrap(record).putInt(0, (int) crc.getValue()).array();
    }

    private static byte[] held(long expirySecond, int origin) throws IOException {
        return record(1, out -> {
            out.write(new byte[16]);
            out.writeUTF("acme");
            out.write(new byte[7 + 4]); // No subject, key and dimensions.
            out.write(new byte[5 * 8 + 4]); // No amounts.
            out.writeLong(5);
            out.writeInt(0);
            out.writeLong(expirySecond);
            out.writeInt(0);
            out.writeByte(origin);
            out.writeLong(0);
        });
    }

    @Test
    void form_of_the_file_is_that_of_version_1() throws IOException {
        // Given
        Files.write(file(), held(100, 2));
        // When
        List<Hold> read;
        try (var journal = open(NEVER)) {
            read = journal.openHolds();
        }
        // Then
        assertThat(read).singleElement().satisfies(hold -> {
            assertThat(hold.origin()).isEqualTo(Hold.Origin.GATEWAY);
            assertThat(hold.expiresAt().getEpochSecond()).isEqualTo(100);
        });
    }

    private static void assertUnavailable(ThrowingCallable step) {
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(step)
                .withCauseInstanceOf(IOException.class);
    }

    private int lengthOfOne() throws IOException {
        try (var journal = open(NEVER)) {
            journal.held(hold(2, START));
        }
        return (int) Files.size(file());
    }

    private Path file() {
        return directory.resolve("holds");
    }

    private HoldJournal open(long compactAtBytes) {
        return HoldJournal.open(file(), compactAtBytes, disk);
    }

    private List<Hold> reopenedCopy() {
        try {
            var copy = directory.resolve("copy");
            byte[] bytes = Files.readAllBytes(file());
            Files.write(copy, bytes);
            try (var journal = HoldJournal.open(copy, NEVER)) {
                return journal.openHolds();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
