package dev.quotary.journal;

import java.io.IOException;
import java.nio.file.Path;

/** The files of the file system. */
public final class Disk implements JournalFile.Opener {
    @Override
    public JournalFile open(Path path) throws IOException {
        return new JournalFile.OnDisk(path);
    }

    @Override
    public JournalFile openWithRoom(Path path, int bytes) throws IOException {
        return JournalFile.OnDisk.withRoom(path, bytes);
    }
}
