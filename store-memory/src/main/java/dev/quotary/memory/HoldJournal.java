package dev.quotary.memory;

import dev.quotary.call.ReservationId;
import dev.quotary.journal.JournalFile;
import dev.quotary.journal.Records;
import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file that lets holds outlive the process.
 *
 * <p><b>Form.</b> {@link Records} of a hold (a later one of the same id replaces it), or of the id of a hold that was closed. The file is
 * cut behind the last whole one when it is opened. In memory is only where each open hold is in it ({@link HoldIndex}).
 *
 * <p><b>Durability.</b> A hold is written to the file before its reservation is answered, hence survives the death of the process;
 * {@link #sync} brings it to the disk, so that a loss of power forgets the holds of at most one sync interval and what a sync takes. That a hold was settled
 * may be written later, with the next record: the ledger knows it anyway.
 *
 * <p><b>Size.</b> When the file has grown by a bound, the next {@link #sync} writes the open holds to a new file that takes its place
 * ({@link HoldCompaction}), while others go on. If that fails, the old file goes on, the sync says so, and it is tried again after as
 * much growth.
 *
 * <p><b>Failure.</b> A record that could not be written whole is cut off again; nothing later is written behind a broken one. Safe
 * for many threads.
 */
public final class HoldJournal implements AutoCloseable {
    private static final int NOTES_BYTES_MAX = 4 << 20;
    /** Holds kept at most, as long as there are expired ones among them that can be forgotten. */
    static final int KEPT_MAX = 50_000;
    /** The same bound in bytes of their records, which may carry metadata. */
    static final long KEPT_BYTES_MAX = 32L << 20;
    /** How long an expired hold is kept for a late commit. */
    private static final Duration LATE_FOR = Duration.ofHours(24);

    /** Event loops are few and live long: each reuses its own. */
    private static final ThreadLocal<Records> SCRATCH = ThreadLocal.withInitial(Records::new);

    private static final byte HELD = 1;
    private static final byte CLOSED = 2;

    private final Path path;
    private final long compactAtBytes;
    private final JournalFile.Opener opener;
    private final HoldIndex open = new HoldIndex();
    private final ReentrantLock compacting = new ReentrantLock();
    /**
     * What is to be written next: records of closed holds that are still to be written, which are dropped beyond a bound, as the next
     * compaction drops them too; and, for a moment, that of a hold.
     */
    private final Records pending = new Records();

    private JournalFile file;
    private long goodBytes;
    private long compactedBytes;
    /** Whether a failed write may have left something behind the good bytes. */
    private boolean torn;

    /** Whether the name of the file is on the disk, which it must be to be found after a loss of power. */
    private boolean nameSynced;

    private boolean closed;
    /** The latest moment at which something was held. */
    private Instant latest = Instant.EPOCH;

    private HoldJournal(Path path, long compactAtBytes, JournalFile.Opener opener) throws IOException {
        this.path = path;
        this.compactAtBytes = compactAtBytes;
        this.opener = opener;
        this.file = opener.open(path);
    }

    /**
     * Opens the journal and reads what it holds.
     *
     * @param compactAtBytes growth after which settled holds are dropped from the file
     * @throws StoreUnavailableException if the file cannot be read or written, or was written by a newer version
     */
    public static HoldJournal open(Path file, long compactAtBytes) {
        return open(file, compactAtBytes, JournalFile.OnDisk::new);
    }

    /** As {@link #open(Path, long)}, on other files than those of the file system: for tests that let them fail. */
    public static HoldJournal open(Path file, long compactAtBytes, JournalFile.Opener opener) {
        try {
            var journal = new HoldJournal(file, compactAtBytes, opener);
            try {
                journal.replay();
            } catch (IOException e) {
                journal.file.close();
                throw e;
            }
            return journal;
        } catch (IOException e) {
            throw new StoreUnavailableException("open the journal of holds " + file, e);
        }
    }

    /**
     * Holds that were neither settled nor released, oldest first, without their charges; read from the file.
     *
     * @throws StoreUnavailableException if it cannot be read
     */
    public synchronized List<Hold> openHolds() {
        Map<ReservationId, Hold> holds = new LinkedHashMap<>();
        try {
            byte[] bytes = file.readAll();
            Records.read(torn ? Arrays.copyOf(bytes, Math.toIntExact(goodBytes)) : bytes, in -> {
                if (in.readByte() == HELD) {
                    var hold = HoldCodec.read(in);
                    if (open.contains(hold.id())) {
                        holds.put(hold.id(), hold);
                    }
                } else {
                    holds.remove(HoldCodec.readId(in));
                }
            });
        } catch (IOException e) {
            throw new StoreUnavailableException("read the journal of holds", e);
        }
        return List.copyOf(holds.values());
    }

    /**
     * The record of a hold: what is written of it, and what {@link #read} makes it of again.
     *
     * @throws StoreUnavailableException if it is too large
     */
    static byte[] record(Hold hold) {
        var records = SCRATCH.get();
        records.clear();
        try {
            records.add(out -> {
                out.writeByte(HELD);
                HoldCodec.write(hold, out);
            });
            return records.toByteArray();
        } catch (IOException e) {
            throw new StoreUnavailableException("write a hold to the journal", e);
        }
    }

    /** The hold of a {@link #record}, without its charges. */
    static Hold read(byte[] record) {
        return HoldCodec.read(record, Records.HEADER_BYTES + Byte.BYTES);
    }

    /** As {@link #held(Hold, byte[])}. */
    void held(Hold hold) {
        held(hold, record(hold));
    }

    /**
     * Writes a hold, or the larger one that takes its place. When this returns, it survives the death of the process.
     *
     * @param record of that hold
     * @throws StoreUnavailableException if it could not be written; the journal is then as before
     */
    synchronized void held(Hold hold, byte[] record) {
        int at = pending.size();
        try {
            pending.add(record);
            long position = goodBytes + at;
            write();
            open.put(hold.id(), position, record.length, hold.expiresAt().getEpochSecond());
            latest = hold.admittedAt().isAfter(latest) ? hold.admittedAt() : latest;
            forgetOldest(hold.admittedAt().getEpochSecond());
        } catch (IOException e) {
            pending.truncate(at);
            throw new StoreUnavailableException("write a hold to the journal", e);
        }
    }

    /**
     * Beyond a bound, the oldest holds that have expired are forgotten, as callers may reserve as often as they like and never settle.
     * Two are looked at for each one that comes, so that the number goes down again; one that still lives goes to the end of the line.
     */
    private void forgetOldest(long second) {
        for (int i = 0; i < 2 && (open.size() > KEPT_MAX || open.bytes() > KEPT_BYTES_MAX); i++) {
            int oldest = open.oldest();
            if (open.expirySecond(oldest) <= second) {
                var id = open.id(oldest);
                open.remove(id);
                note(id);
            } else {
                open.toEnd(oldest);
            }
        }
    }

    /** Notes that a hold is settled; written with the next record. */
    synchronized void settled(ReservationId id) {
        if (open.remove(id)) {
            note(id);
        }
    }

    /** Notes that a hold was given back. If the file cannot be written now, it is written with the next record that can. */
    synchronized void released(ReservationId id) {
        if (open.remove(id)) {
            note(id);
            try {
                write();
            } catch (IOException _) {
                // The note stays pending. Lost with the process, it costs a hold that stands until it expires, never
                // money.
            }
        }
    }

    private void note(ReservationId id) {
        try {
            if (pending.size() < NOTES_BYTES_MAX) {
                pending.add(out -> {
                    out.writeByte(CLOSED);
                    HoldCodec.writeId(id, out);
                });
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    /**
     * Brings everything noted and written to the disk, in a new file where this one has grown too long. Blocks, for as long as the disk
     * takes; others may write meanwhile.
     *
     * @throws StoreUnavailableException if the disk refused, or the journal could not be compacted
     */
    public void sync() {
        try {
            var compaction = compactIfDue();
            JournalFile current;
            synchronized (this) {
                if (closed) {
                    return;
                }
                write();
                current = file;
            }
            while (!sync(current)) {
                synchronized (this) {
                    current = file;
                }
            }
            syncName(current);
            if (compaction != null) {
                throw new IOException("the journal was not compacted", compaction);
            }
        } catch (IOException e) {
            throw new StoreUnavailableException("sync the journal of holds", e);
        }
    }

    /** False where another file has taken the place of this one meanwhile. */
    private boolean sync(JournalFile current) throws IOException {
        try {
            current.sync();
            return true;
        } catch (IOException e) {
            synchronized (this) {
                if (closed) {
                    // Which has synced too.
                    return true;
                }
                if (current.equals(file)) {
                    throw e;
                }
                return false;
            }
        }
    }

    private void syncName(JournalFile current) throws IOException {
        synchronized (this) {
            if (nameSynced) {
                return;
            }
        }
        current.syncName();
        synchronized (this) {
            nameSynced = current.equals(file);
        }
    }

    /** Writes what is noted, syncs and closes; reservations fail from now on. Repeating is harmless. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (var last = file) {
            write();
            last.sync();
            syncName(last);
        } catch (IOException e) {
            throw new StoreUnavailableException("close the journal of holds", e);
        }
    }

    /** Writes what is pending behind the last good record; if that fails, it stays pending. */
    private void write() throws IOException {
        if (pending.empty()) {
            return;
        }
        if (torn) {
            file.cut(goodBytes);
        }
        torn = true;
        pending.appendTo(file);
        torn = false;
        goodBytes += pending.size();
        pending.clear();
    }

    /** Why the old file goes on though it has grown too long; null where it has not, or a new one is in its place. */
    private @Nullable IOException compactIfDue() {
        if (!compacting.tryLock()) {
            return null;
        }
        try {
            synchronized (this) {
                if (closed || goodBytes - compactedBytes <= compactAtBytes) {
                    return null;
                }
            }
            compact();
            return null;
        } catch (IOException e) {
            synchronized (this) {
                // Everything is in the old file, which is whole.
                compactedBytes = goodBytes;
            }
            return e;
        } finally {
            compacting.unlock();
        }
    }

    /** Puts a new file with nothing but the open holds in the place of this one. */
    private void compact() throws IOException {
        var next = path.resolveSibling(path.getFileName() + ".new");
        HoldCompaction compaction;
        synchronized (this) {
            compaction =
                    new HoldCompaction(open, goodBytes, latest.minus(LATE_FOR).getEpochSecond());
        }
        var fresh = opener.open(next);
        boolean placed = false;
        try (var old = opener.open(path)) {
            compaction.copy(old, fresh);
            compaction.catchUp(old, fresh, this::goodBytes);
            fresh.sync();
            // That may have taken long. What comes now is as young as what the old file may not have on the disk
            // either.
            compaction.catchUp(old, fresh, this::goodBytes);
            synchronized (this) {
                if (closed) {
                    throw new IOException("the journal was closed meanwhile");
                }
                compaction.copyRest(old, fresh, goodBytes);
                opener.replace(path, next);
                placed = true;
                closeQuietly(put(fresh, compaction));
            }
        } finally {
            if (!placed) {
                closeQuietly(fresh);
            }
        }
    }

    private synchronized long goodBytes() {
        return goodBytes;
    }

    /** Gives the file that was in the place of this one. */
    private JournalFile put(JournalFile fresh, HoldCompaction compaction) {
        compaction.moved(open);
        var old = file;
        file = fresh;
        goodBytes = compaction.size();
        compactedBytes = goodBytes;
        torn = false;
        nameSynced = false;
        return old;
    }

    /** Of a file that has no name any more, or none yet that counts: nothing in it is needed. */
    private static void closeQuietly(JournalFile unneeded) {
        try {
            unneeded.close();
        } catch (IOException _) {
            // Nothing can be lost with it.
        }
    }

    private void replay() throws IOException {
        goodBytes = Records.readPlaced(file.readAll(), this::replay);
        file.cut(goodBytes);
    }

    private void replay(int at, int length, DataInputStream in) throws IOException {
        switch (in.readByte()) {
            case HELD -> {
                var hold = HoldCodec.read(in);
                open.put(hold.id(), at, length, hold.expiresAt().getEpochSecond());
                latest = hold.admittedAt().isAfter(latest) ? hold.admittedAt() : latest;
            }
            case CLOSED -> open.remove(HoldCodec.readId(in));
            default -> throw new IOException("a record of unknown kind in " + path);
        }
    }
}
