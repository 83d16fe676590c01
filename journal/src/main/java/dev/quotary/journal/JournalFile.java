package dev.quotary.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a journal needs of a file, and all that can fail of it: a seam, so that a test can let the disk fill up within a record. */
public interface JournalFile extends AutoCloseable {
    byte[] readAll() throws IOException;

    /** Writes at the end; if it fails, any number of the bytes may be there. */
    void append(byte[] bytes) throws IOException;

    /** As {@link #append(byte[])}, the first {@code length} bytes of an array. */
    default void append(byte[] bytes, int length) throws IOException {
        append(Arrays.copyOf(bytes, length));
    }

    /** What is at a place, all of it. Not beside an {@link #append} of the same object by another thread. */
    default byte[] read(long position, int length) throws IOException {
        int from = Math.toIntExact(position);
        return Arrays.copyOfRange(readAll(), from, from + length);
    }

    /** Cuts off everything behind {@code size}. */
    void cut(long size) throws IOException;

    /** Returns when everything appended is on the disk. */
    void sync() throws IOException;

    /** Returns when the name of the file is on the disk: under a new name it is not found after a loss of power before. */
    void syncName() throws IOException;

    @Override
    void close() throws IOException;

    /** Where files of journals are. */
    interface Opener {
        /** Opens a file, which is made if it is not there. */
        JournalFile open(Path path) throws IOException;

        /**
         * Opens a new file with room: its first bytes are zeros that are on the disk, and what is appended takes their place and is on the
         * disk when {@link JournalFile#append} returns. A file that grows is an entry in the file system's own log at each sync, and waits
         * there for what others have written.
         *
         * @return null where there is no such thing; nothing is made then
         */
        default @Nullable JournalFile openWithRoom(Path path, int bytes) throws IOException {
            return null;
        }

        /** Gives a file the name of another one, which is nameless then but stays as it is for who has it open. */
        default void replace(Path path, Path by) throws IOException {
            Files.move(by, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * A file of the file system.
     *
     * <p>Not a {@link FileChannel}: that one closes for everybody as soon as one thread that uses it is interrupted, and every later
     * reservation would fail.
     */
    final class OnDisk implements JournalFile {
        private static final int ZEROS_BYTES = 1 << 20;
        private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

        private final Path path;
        private final RandomAccessFile file;
        /** Whether each write is on the disk when it returns. */
        private final boolean synced;

        /** Opens a file; a new one may be read by its owner alone. */
        public OnDisk(Path path) throws IOException {
            this(path, "rw", false);
        }

        private OnDisk(Path path, String mode, boolean synced) throws IOException {
            this.path = path.toAbsolutePath();
            this.synced = synced;
            create(this.path);
            this.file = new RandomAccessFile(path.toFile(), mode);
        }

        static OnDisk withRoom(Path path, int bytes) throws IOException {
            try (var zeros = new OnDisk(path)) {
                for (int left = bytes; left > 0; left -= ZEROS_BYTES) {
                    zeros.append(new byte[Math.min(left, ZEROS_BYTES)]);
                }
                zeros.sync();
            }
            return new OnDisk(path, "rwd", true);
        }

        private static void create(Path path) throws IOException {
            if (!Files.exists(path)) {
                if (posix(path)) {
                    Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                } else {
                    Files.createFile(path);
                }
            }
        }

        private static boolean posix(Path path) {
            return path.getFileSystem().supportedFileAttributeViews().contains("posix");
        }

        @Override
        public byte[] readAll() throws IOException {
            byte[] bytes = new byte[Math.toIntExact(file.length())];
            file.seek(0);
            file.readFully(bytes);
            return bytes;
        }

        @Override
        public void append(byte[] bytes) throws IOException {
            file.write(bytes);
        }

        @Override
        public void append(byte[] bytes, int length) throws IOException {
            file.write(bytes, 0, length);
        }

        @Override
        public byte[] read(long position, int length) throws IOException {
            byte[] bytes = new byte[length];
            long end = file.getFilePointer();
            file.seek(position);
            file.readFully(bytes);
            file.seek(end);
            return bytes;
        }

        @Override
        public void cut(long size) throws IOException {
            file.setLength(size);
            file.seek(size);
        }

        @Override
        public void sync() throws IOException {
            if (!synced) {
                file.getFD().sync();
            }
        }

        @Override
        public void syncName() throws IOException {
            // Windows opens no directories; its file systems log changes of names themselves.
            if (posix(path)) {
                try (var names = FileChannel.open(path.resolveSibling("."), StandardOpenOption.READ)) {
                    names.force(true);
                }
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
