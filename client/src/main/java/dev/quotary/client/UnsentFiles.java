package dev.quotary.client;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The directory of what is unsent, which is one client's alone while it lives. */
final class UnsentFiles implements AutoCloseable {
    /** More was not written by a client with sensible bounds, and would take the memory of this one. */
    private static final long BYTES_MAX = 256 << 20;

    /** What could not be read is kept for people to look at, not for ever. */
    private static final long ASIDE_BYTES_MAX = 16 << 20;

    private final Path directory;
    private final FileChannel lockFile;

    private UnsentFiles(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    static UnsentFiles lock(Path directory) throws IOException {
        Files.createDirectories(directory);
        var lockFile = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
        if (!locked(lockFile)) {
            lockFile.close();
            throw new IOException("another client keeps its unsent usage in " + directory);
        }
        return new UnsentFiles(directory, lockFile);
    }

    private static boolean locked(FileChannel lockFile) throws IOException {
        try {
            // Held until the channel is closed.
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    String read() throws IOException {
        var file = file();
        if (!Files.exists(file)) {
            return "";
        }
        if (Files.size(file) > BYTES_MAX) {
            throw new IOException(file + " is larger than " + BYTES_MAX + " bytes");
        }
        // Broken bytes become other text, whose sum is wrong.
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** The file with new content, or as it was if that fails. */
    RandomAccessFile replaced(byte[] content) throws IOException {
        var fresh = directory.resolve("unsent.new");
        Files.deleteIfExists(fresh);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            // What calls were about is nobody else's business.
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(fresh, content, CREATE, WRITE, TRUNCATE_EXISTING);
        Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // No channel: it would be closed for all as soon as one caller is interrupted while it writes.
        return new RandomAccessFile(file().toFile(), "rw");
    }

    Path setAside(List<String> lines) throws IOException {
        var aside = directory.resolve("unsent.damaged");
        if (!Files.exists(aside) || Files.size(aside) < ASIDE_BYTES_MAX) {
            Files.write(aside, lines, CREATE, WRITE, APPEND);
        }
        return aside;
    }

    private Path file() {
        return directory.resolve("unsent.log");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
