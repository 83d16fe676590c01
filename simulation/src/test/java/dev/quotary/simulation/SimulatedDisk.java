package dev.quotary.simulation;

import dev.quotary.journal.JournalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A disk in memory that tears, fills up, refuses to sync, and forgets what was not synced when the power goes.
 *
 * <p>Content and names are synced apart, as on a real disk: a file that took the place of another may have its old content again after a
 * loss of power.
 */
final class SimulatedDisk implements JournalFile.Opener {
    private final Fate fate;
    private Map<Path, Content> names = new HashMap<>();
    private Map<Path, Content> syncedNames = new HashMap<>();
    private boolean full;
    private boolean syncFails;
    private int failures;

    /** What a file holds, whatever its name. */
    private static final class Content {
        byte[] bytes = {};
        byte[] synced = {};
    }

    SimulatedDisk(Fate fate) {
        this.fate = fate;
    }

    /** Writes end somewhere within what was to be written. */
    void full(boolean now) {
        full = now;
    }

    boolean isFull() {
        return full;
    }

    void syncFails(boolean now) {
        syncFails = now;
    }

    boolean syncsFail() {
        return syncFails;
    }

    /** How many writes have failed so far. */
    int failures() {
        return failures;
    }

    @Override
    public JournalFile open(Path path) {
        return new OpenFile(names.computeIfAbsent(path, _ -> new Content()));
    }

    @Override
    public void replace(Path path, Path by) throws IOException {
        fate.effect("the new journal is to take the place of the old one");
        var content = names.remove(by);
        if (content == null) {
            throw new IOException("no file " + by);
        }
        names.put(path, content);
        fate.effect("the new journal has taken the place of the old one");
    }

    /** The power goes: of what was not synced, anything may be there or not. */
    void losePower() {
        if (fate.oneIn(2)) {
            names = new HashMap<>(syncedNames);
        }
        for (var content : names.values()) {
            content.bytes = afterPowerLoss(content);
            content.synced = content.bytes;
        }
        syncedNames = new HashMap<>(names);
    }

    private byte[] afterPowerLoss(Content content) {
        int same = Arrays.mismatch(content.bytes, content.synced);
        boolean appended = same < 0 || same == content.synced.length;
        if (appended) {
            int more = content.bytes.length - content.synced.length;
            return Arrays.copyOf(content.bytes, content.synced.length + fate.below(more + 1));
        }
        return fate.oneIn(2) ? content.bytes : content.synced;
    }

    private final class OpenFile implements JournalFile {
        private final Content content;

        OpenFile(Content content) {
            this.content = content;
        }

        @Override
        public byte[] readAll() {
            return content.bytes.clone();
        }

        @Override
        public void append(byte[] more) throws IOException {
            if (fate.strikes("a write to the journal")) {
                grow(more, fate.below(more.length + 1));
                throw new Crash("within a write");
            }
            if (full) {
                failures++;
                grow(more, fate.below(more.length));
                throw new IOException("No space left on device");
            }
            grow(more, more.length);
            fate.effect("a write to the journal is done");
        }

        private void grow(byte[] more, int count) {
            int size = content.bytes.length;
            content.bytes = Arrays.copyOf(content.bytes, size + count);
            System.arraycopy(more, 0, content.bytes, size, count);
        }

        @Override
        public void cut(long size) {
            content.bytes = Arrays.copyOf(content.bytes, (int) size);
        }

        @Override
        public void sync() throws IOException {
            fate.effect("the journal is to be synced");
            if (syncFails) {
                throw new IOException("Input/output error");
            }
            content.synced = content.bytes.clone();
        }

        @Override
        public void syncName() {
            fate.effect("the journal's name is to be synced");
            syncedNames = new HashMap<>(names);
        }

        @Override
        public void close() {}
    }
}
