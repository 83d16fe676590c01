package dev.quotary.memory;

import dev.quotary.journal.JournalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A disk with room for so many more bytes: the write that fills it up leaves what fitted, as a real one does. */
final class SmallDisk implements JournalFile.Opener {
    static final long ROOMY = Long.MAX_VALUE / 2;

    long room = ROOMY;
    boolean syncs = true;
    boolean replaces = true;
    int syncsAsked;

    @Override
    public JournalFile open(Path path) throws IOException {
        return new OnSmallDisk(new JournalFile.OnDisk(path));
    }

    @Override
    public void replace(Path path, Path by) throws IOException {
        if (!replaces) {
            throw new IOException("Input/output error");
        }
        JournalFile.Opener.super.replace(path, by);
    }

    private final class OnSmallDisk implements JournalFile {
        private final JournalFile file;

        OnSmallDisk(JournalFile file) {
            this.file = file;
        }

        @Override
        public byte[] readAll() throws IOException {
            return file.readAll();
        }

        @Override
        public void append(byte[] bytes) throws IOException {
            int fits = (int) Math.min(room, bytes.length);
            file.append(Arrays.copyOf(bytes, fits));
            room -= fits;
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
            syncsAsked++;
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
    }
}
