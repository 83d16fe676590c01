package dev.quotary.memory;

import dev.quotary.call.ReservationId;
import dev.quotary.journal.JournalFile;
import dev.quotary.journal.Records;
import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file that lets holds outlive the process.
 *
 * <p><b>Form.</b> {@link Records} of a hold (a later one of the same id replaces it), or of the id of a hold that was closed. The file is
 * cut behind the last whole one when it is opened.
 *
 * <p><b>Durability.</b> A hold is written to the file before its reservation is answered, hence survives the death of the process;
 * {@link #sync} brings it to the disk, so that a loss of power forgets the holds of at most one sync interval. That a hold was settled
 * may be written later, with the next record: the ledger knows it anyway.
 *
 * <p><b>Size.</b> When the file has grown by a bound, the open holds are written to a new file that takes its place. If that fails,
 * the old file goes on, the next {@link #sync} says so, and it is tried again after as much growth.
 *
 * <p><b>Failure.</b> A record that could not be written whole is cut off again; nothing later is written behind a broken one. Safe
 * for many threads.
 */
public final class HoldJournal implements AutoCloseable {
    private static final int NOTES_BYTES_MAX = 4 << 20;
    /** Holds kept at most, as long as there are expired ones among them that can be forgotten. */
    static final int KEPT_MAX = 50_000;
    /** How long an expired hold is kept for a late commit. */
    private static final Duration LATE_FOR = Duration.ofHours(24);

    private static final byte HELD = 1;
    private static final byte CLOSED = 2;
    private static final byte[] NOTHING = {};

    private final Path path;
    private final long compactAtBytes;
    private final JournalFile.Opener opener;
    private final Map<ReservationId, Hold> open = new LinkedHashMap<>();
    /** Records of closed holds that are still to be written; dropped beyond a bound, as the next compaction drops them too. */
    private final ByteArrayOutputStream notes = new ByteArrayOutputStream(4096);

    private JournalFile file;
    private long goodBytes;
    private long compactedBytes;
    /** Whether a failed write may have left something behind the good bytes. */
    private boolean torn;

    /** Whether the name of the file is on the disk, which it must be to be found after a loss of power. */
    private boolean nameSynced;

    private boolean closed;
    private @Nullable IOException compactionFailure;

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

    /** Holds that were neither settled nor released, oldest first, without their charges. */
    public synchronized List<Hold> openHolds() {
        return List.copyOf(open.values());
    }

    /**
     * Writes a hold, or the larger one that takes its place. When this returns, it survives the death of the process.
     *
     * @throws StoreUnavailableException if it could not be written; the journal is then as before
     */
    void held(Hold hold) {
        try {
            byte[] record = record(HELD, out -> HoldCodec.write(hold, out));
            synchronized (this) {
                write(record);
                open.put(hold.id(), hold);
                forgetOldest(hold.admittedAt());
                if (goodBytes - compactedBytes > compactAtBytes) {
                    compactIfPossible(hold.admittedAt());
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailableException("write a hold to the journal", e);
        }
    }

    /**
     * Beyond a bound, the oldest holds that have expired are forgotten, as callers may reserve as often as they like and never settle.
     * Two are looked at for each one that comes, so that the number goes down again; one that still lives goes to the end of the line.
     */
    private void forgetOldest(Instant now) {
        for (int i = 0; i < 2 && open.size() > KEPT_MAX; i++) {
            var oldest = open.values().iterator().next();
            open.remove(oldest.id());
            if (oldest.expired(now)) {
                note(oldest.id());
            } else {
                open.put(oldest.id(), oldest);
            }
        }
    }

    /** Notes that a hold is settled; written with the next record. */
    synchronized void settled(ReservationId id) {
        if (open.remove(id) != null) {
            note(id);
        }
    }

    /** Notes that a hold was given back. If the file cannot be written now, it is written with the next record that can. */
    synchronized void released(ReservationId id) {
        if (open.remove(id) != null) {
            note(id);
            try {
                write(NOTHING);
            } catch (IOException _) {
                // The note stays pending. Lost with the process, it costs a hold that stands until it expires, never
                // money.
            }
        }
    }

    private void note(ReservationId id) {
        try {
            if (notes.size() < NOTES_BYTES_MAX) {
                notes.writeBytes(record(CLOSED, out -> HoldCodec.writeId(id, out)));
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
    }

    /**
     * Brings everything noted and written to the disk. Blocks, for as long as the disk takes; others may write meanwhile.
     *
     * @throws StoreUnavailableException if the disk refused, or the last compaction failed
     */
    public void sync() {
        try {
            JournalFile current;
            synchronized (this) {
                if (closed) {
                    return;
                }
                write(NOTHING);
                current = file;
            }
            sync(current);
            syncName(current);
            synchronized (this) {
                var failure = compactionFailure;
                compactionFailure = null;
                if (failure != null) {
                    throw new IOException("the journal was not compacted", failure);
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailableException("sync the journal of holds", e);
        }
    }

    private void sync(JournalFile current) throws IOException {
        try {
            current.sync();
        } catch (IOException e) {
            synchronized (this) {
                // Otherwise a compaction has put a synced file in its place meanwhile, or the journal was closed, which
                // syncs too.
                if (current.equals(file) && !closed) {
                    throw e;
                }
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
            write(NOTHING);
            last.sync();
            syncName(last);
        } catch (IOException e) {
            throw new StoreUnavailableException("close the journal of holds", e);
        }
    }

    private static byte[] record(byte kind, Records.Content content) throws IOException {
        return Records.of(out -> {
            out.writeByte(kind);
            content.write(out);
        });
    }

    /** Writes the notes and a record behind the last good record, or nothing. */
    private void write(byte[] record) throws IOException {
        byte[] bytes = notes.size() == 0 ? record : join(notes.toByteArray(), record);
        if (bytes.length == 0) {
            return;
        }
        if (torn) {
            file.cut(goodBytes);
        }
        torn = true;
        file.append(bytes);
        torn = false;
        goodBytes += bytes.length;
        notes.reset();
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private void compactIfPossible(Instant now) {
        try {
            compact(now);
        } catch (IOException e) {
            // The hold is written, so its reservation stands; the old file is whole and goes on.
            compactionFailure = e;
            compactedBytes = goodBytes;
        }
    }

    /** Puts a new file with nothing but the open holds in the place of this one. */
    private void compact(Instant now) throws IOException {
        var next = path.resolveSibling(path.getFileName() + ".new");
        var fresh = opener.open(next);
        long size;
        try {
            size = writeOpen(fresh, now);
            opener.replace(path, next);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        // Not before: while the old file goes on, the closing of a hold in it has to be written.
        open.values().removeIf(hold -> outdated(hold, now));
        var old = file;
        file = fresh;
        goodBytes = size;
        compactedBytes = size;
        torn = false;
        notes.reset();
        nameSynced = false;
        old.close();
    }

    private static boolean outdated(Hold hold, Instant now) {
        return hold.expiresAt().plus(LATE_FOR).isBefore(now);
    }

    private long writeOpen(JournalFile fresh, Instant now) throws IOException {
        fresh.cut(0);
        long size = 0;
        for (var hold : open.values()) {
            if (outdated(hold, now)) {
                continue;
            }
            byte[] record = record(HELD, out -> HoldCodec.write(hold, out));
            fresh.append(record);
            size += record.length;
        }
        fresh.sync();
        return size;
    }

    private void replay() throws IOException {
        goodBytes = Records.read(file.readAll(), this::read);
        file.cut(goodBytes);
    }

    private void read(DataInputStream in) throws IOException {
        switch (in.readByte()) {
            case HELD -> {
                var hold = HoldCodec.read(in);
                open.put(hold.id(), hold);
            }
            case CLOSED -> open.remove(HoldCodec.readId(in));
            default -> throw new IOException("a record of unknown kind in " + path);
        }
    }
}
