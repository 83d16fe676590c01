package dev.quotary.memory;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.Holds.with;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.journal.JournalFile;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.LimiterContract;
import dev.quotary.testkit.LimiterMovingContract;
import dev.quotary.testkit.LimiterRoomContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournaledLimiterTest implements LimiterContract, LimiterRoomContract, LimiterMovingContract {
    @TempDir
    private Path directory;

    private final List<HoldJournal> journals = new ArrayList<>();
    private final SmallDisk disk = new SmallDisk();

    @Override
    public Limiter limiter() {
        return journaled();
    }

    /** Each grant is a write to a file. */
    @Override
    public int racingReservations() {
        return 200_000;
    }

    @AfterEach
    void close() {
        journals.forEach(HoldJournal::close);
    }

    @Test
    void hold_that_cannot_be_written_is_not_held_and_its_id_may_ask_again() {
        // Given
        var limiter = journaled();
        var hold = hold(1, START, charge(TOKENS, 60, 100));
        disk.room = 10;
        // When, Then
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> limiter.reserve(hold, START));
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 0");
        assertThat(limiter.find(ORGANIZATION, id(1), START)).isEmpty();
        disk.room = SmallDisk.ROOMY;
        assertThat(show(limiter.reserve(hold, START))).isEqualTo("granted used 0 held 60");
    }

    @Test
    void extension_that_cannot_be_written_leaves_the_old_hold() {
        // Given
        var limiter = journaled();
        var hold = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(hold, START);
        disk.room = 10;
        // When, Then
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> limiter.extend(with(hold, charge(TOKENS, 90, 100)), START));
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 60");
        assertThat(limiter.find(ORGANIZATION, id(1), START)).contains(hold);
        disk.room = SmallDisk.ROOMY;
        assertThat(show(limiter.extend(with(hold, charge(TOKENS, 90, 100)), START)))
                .isEqualTo("granted used 0 held 90");
    }

    @Test
    void expired_hold_that_cannot_be_taken_up_again_may_still_commit_late() {
        // Given
        var limiter = journaled();
        var hold = hold(1, START, charge(TOKENS, 60, 100));
        limiter.reserve(hold, START);
        var later = hold.expiresAt();
        disk.room = 0;
        // When, Then
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> limiter.reserve(hold(1, later, charge(TOKENS, 60, 100)), later));
        assertThat(limiter.find(ORGANIZATION, id(1), later)).contains(hold);
        disk.room = SmallDisk.ROOMY;
    }

    @Test
    void commit_and_release_work_while_nothing_can_be_written() {
        // Given
        var limiter = journaled();
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        limiter.reserve(hold(2, START, charge(TOKENS, 40, 100)), START);
        disk.room = 0;
        // When
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 50)), START);
        limiter.release(ORGANIZATION, id(2), START);
        disk.room = SmallDisk.ROOMY;
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 50 held 0");
        journals.getFirst().sync();
        assertThat(journals.getFirst().openHolds()).isEmpty();
    }

    /** A repeat that were answered while the first request still writes could tell of a hold that fails to be written. */
    @Test
    void repeat_waits_until_the_first_request_is_written_and_asks_anew_if_that_fails() throws Exception {
        // Given
        var writing = new CountDownLatch(1);
        var mayFail = new CountDownLatch(1);
        JournalFile.Opener opener = path -> new FirstWriteFails(new JournalFile.OnDisk(path), writing, mayFail);
        var limiter = journaled(opener);
        var hold = hold(1, START, charge(TOKENS, 60, 100));
        var first = CompletableFuture.supplyAsync(() -> limiter.reserve(hold, START));
        writing.await();
        var answer = new CompletableFuture<Admission>();
        var repeat = Thread.ofPlatform().start(() -> answer.complete(limiter.reserve(hold, START)));
        while (repeat.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        // When
        mayFail.countDown();
        // Then
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(first::join)
                .withCauseInstanceOf(StoreUnavailableException.class);
        assertThat(show(answer.join())).isEqualTo("granted used 0 held 60");
    }

    @Test
    void holds_come_back_after_a_restart() {
        // Given
        var before = journaled();
        var live = hold(1, START, charge(TOKENS, 60, 100));
        before.reserve(live, START);
        before.reserve(hold(2, START, charge(TOKENS, 30, 100)), START);
        before.settle(ORGANIZATION, id(2), List.of(Posting.add(TOKENS, 20)), START);
        journals.getFirst().close();
        var journal = HoldJournal.open(directory.resolve("holds0"), Long.MAX_VALUE);
        journals.add(journal);
        var after = new JournaledLimiter(new MemoryLimiter(), journal);
        after.correct(TOKENS, 20);
        // When
        for (var hold : journal.openHolds()) {
            after.restore(with(hold, charge(TOKENS, 60, 100)), START.plusSeconds(1));
        }
        // Then
        assertThat(levels(after, START.plusSeconds(1), TOKENS)).isEqualTo("used 20 held 60");
        assertThat(after.find(ORGANIZATION, id(1), START)).contains(live);
        after.release(ORGANIZATION, id(1), START);
        assertThat(journal.openHolds()).isEmpty();
    }

    private JournaledLimiter journaled() {
        return journaled(disk);
    }

    private JournaledLimiter journaled(JournalFile.Opener opener) {
        var journal = HoldJournal.open(directory.resolve("holds" + journals.size()), 1 << 20, opener);
        journals.add(journal);
        return new JournaledLimiter(new MemoryLimiter(), journal);
    }

    private static final class FirstWriteFails implements JournalFile {
        private final JournalFile file;
        private final CountDownLatch writing;
        private final CountDownLatch mayFail;

        FirstWriteFails(JournalFile file, CountDownLatch writing, CountDownLatch mayFail) {
            this.file = file;
            this.writing = writing;
            this.mayFail = mayFail;
        }

        @Override
        public byte[] readAll() throws IOException {
            return file.readAll();
        }

        @Override
        public void append(byte[] bytes) throws IOException {
            if (writing.getCount() == 0) {
                file.append(bytes);
                return;
            }
            writing.countDown();
            try {
                mayFail.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new IOException("Input/output error");
        }

        @Override
        public void cut(long size) throws IOException {
            file.cut(size);
        }

        @Override
        public void sync() throws IOException {
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
    }
}
