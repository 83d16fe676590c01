package dev.quotary.memory;

import dev.quotary.journal.JournalFile;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A file without a disk, for tests that read thousands of journals. */
final class InMemoryFile implements JournalFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    InMemoryFile(byte[] content) {
        bytes.writeBytes(content);
    }

    @Override
    public byte[] readAll() {
        return bytes.toByteArray();
    }

    @Override
    public void append(byte[] more) {
        bytes.writeBytes(more);
    }

    @Override
    public void cut(long size) {
        byte[] kept = Arrays.copyOf(bytes.toByteArray(), (int) size);
        bytes.reset();
        bytes.writeBytes(kept);
    }

    @Override
    public void sync() {}

    @Override
    public void syncName() {}

    @Override
    public void close() {}
}
