package dev.quotary.sql;

import dev.quotary.journal.JournalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment that the {@link IntakeLog} goes on in: a file with room, made beside whoever writes to the one before. Where none can be
 * made, the log goes on in files that grow.
 *
 * <p>For one thread, but for the making.
 */
final class NextSegment implements AutoCloseable {
    private static final String SUFFIX = "-intake-next";
    private static final Logger LOG = LoggerFactory.getLogger(NextSegment.class);

    private final Path path;
    private final int bytes;
    private final JournalFile.Opener opener;
    private final Executor maker;
    /** Null while nobody has asked for one; a file that could not be made is null. */
    private @Nullable CompletableFuture<@Nullable JournalFile> making;

    /**
     * @param database whose name the file bears; what an earlier run left of it is replaced, as nothing is in it
     * @param maker runs what takes long
     */
    NextSegment(Path database, int bytes, JournalFile.Opener opener, Executor maker) {
        this.path = database.resolveSibling(database.getFileName() + SUFFIX);
        this.bytes = bytes;
        this.opener = opener;
        this.maker = maker;
    }

    /** Begins to make one, unless there is one or one is being made. */
    void prepare() {
        if (making == null || (making.isDone() && !ready())) {
            making = CompletableFuture.supplyAsync(this::make, maker);
        }
    }

    private @Nullable JournalFile make() {
        try {
            Files.deleteIfExists(path);
            return opener.openWithRoom(path, bytes);
        } catch (IOException e) {
            LOG.info(
                    "No room could be made for the next file of the intake; it grows as it is written: {}",
                    e.getMessage());
            return null;
        }
    }

    /** Whether {@link #take} has something to give. */
    boolean ready() {
        return making != null && making.getNow(null) != null;
    }

    /**
     * Hands the file out under another name, and begins to make another one.
     *
     * @return null if there is none
     */
    @Nullable JournalFile take(Path name) throws IOException {
        var file = making == null ? null : making.getNow(null);
        if (file == null) {
            return null;
        }
        making = null;
        try {
            opener.replace(name, path);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        prepare();
        return file;
    }

    @Override
    public void close() throws IOException {
        var running = making;
        making = null;
        if (running == null) {
            return;
        }
        try (var _ = running.join()) {
            Files.deleteIfExists(path);
        }
    }
}
