package dev.quotary.sql;

import dev.quotary.journal.JournalFile;
import dev.quotary.journal.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The files that entries are safe in before they are in the database: segments beside it, each written once from beginning to end and
 * deleted when the database has everything that is in it.
 *
 * <p>After a failed write or sync nothing is written to that segment any more: what it holds behind its last good byte is not known.
 * For one thread.
 */
final class IntakeLog implements AutoCloseable {
    /** When the next segment is begun. */
    static final int SEGMENT_BYTES = 16 << 20;

    /** How much of a file is worth one with room to go on in: a quiet server needs none. */
    static final int ROOM_FROM_BYTES = 256 << 10;

    private static final String SUFFIX = "-intake-";

    private final Path database;
    private final JournalFile.Opener opener;
    private final NextSegment next;
    private final TreeMap<Long, Path> segments = new TreeMap<>();
    private long number;
    private @Nullable JournalFile file;
    private long goodBytes;
    /** Whether the open file was made before it was needed, with room. */
    private boolean roomy;

    /** @param database whose name the segments bear; those of an earlier run are gone */
    IntakeLog(Path database, JournalFile.Opener opener) {
        this(database, opener, IntakeLog::beside);
    }

    /** @param maker makes the next segment while this one is written to */
    IntakeLog(Path database, JournalFile.Opener opener, Executor maker) {
        this.database = database;
        this.opener = opener;
        this.next = new NextSegment(database, SEGMENT_BYTES, opener, maker);
    }

    private static void beside(Runnable task) {
        Thread.ofPlatform().name("quotary-intake-next").daemon().start(task);
    }

    /** The segments that an earlier run left, oldest first. */
    static List<Path> leftBehind(Path database) throws IOException {
        var left = new TreeMap<Long, Path>();
        var directory = database.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        var prefix = database.getFileName() + SUFFIX;
        try (var names = Files.newDirectoryStream(
                directory, path -> path.getFileName().toString().startsWith(prefix))) {
            for (var path : names) {
                var rest = path.getFileName().toString().substring(prefix.length());
                if (rest.matches("[0-9]{1,18}")) {
                    left.put(Long.parseLong(rest), path);
                }
            }
        }
        return new ArrayList<>(left.values());
    }

    /**
     * Writes records; when it returns, they are on the disk.
     *
     * @return the segment that they are in
     * @throws IOException if it is not known whether they are
     */
    long append(Records records) throws IOException {
        try {
            var open = segment();
            records.appendTo(open);
            open.sync();
            goodBytes += records.size();
            return number;
        } catch (IOException e) {
            abandon();
            throw e;
        }
    }

    private JournalFile segment() throws IOException {
        var current = file;
        if (!roomy && goodBytes >= ROOM_FROM_BYTES) {
            next.prepare();
        }
        if (current != null && goodBytes < SEGMENT_BYTES && (roomy || !next.ready())) {
            return current;
        }
        finish();
        number++;
        var path = database.resolveSibling(database.getFileName() + SUFFIX + number);
        segments.put(number, path);
        var begun = begin(path);
        file = begun;
        begun.syncName();
        return begun;
    }

    private JournalFile begin(Path path) throws IOException {
        var prepared = next.take(path);
        roomy = prepared != null;
        if (prepared != null) {
            return prepared;
        }
        var grows = opener.open(path);
        grows.cut(0);
        return grows;
    }

    private void finish() throws IOException {
        var current = file;
        file = null;
        goodBytes = 0;
        if (current != null) {
            current.close();
        }
    }

    /** Best effort: what stays behind the good bytes was not acknowledged, and counts once if it is repeated. */
    private void abandon() {
        try (var broken = file) {
            if (broken != null) {
                broken.cut(goodBytes);
            }
        } catch (IOException _) {
            // The failure that led here is the one that is told.
        }
        file = null;
        goodBytes = 0;
    }

    /** The segment that is written to next, unless it is full. */
    long segmentWritten() {
        return number;
    }

    /** Deletes the segments before this one. */
    void forgetBefore(long segment) throws IOException {
        while (!segments.isEmpty() && segments.firstKey() < segment) {
            Files.deleteIfExists(segments.firstEntry().getValue());
            segments.pollFirstEntry();
        }
    }

    /** Deletes everything: the database has it all. */
    void forgetAll() throws IOException {
        close();
        forgetBefore(Long.MAX_VALUE);
    }

    /** Closes, and leaves what is there to the next run. */
    @Override
    public void close() throws IOException {
        finish();
        next.close();
    }
}
