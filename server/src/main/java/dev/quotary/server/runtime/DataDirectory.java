package dev.quotary.server.runtime;

import dev.quotary.limit.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory of the embedded store, open to one server at a time: two that decide in their own memory would each admit up to the
 * limit. The operating system gives the lock back when the process ends, however it ends.
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** @throws StoreUnavailableException if the directory cannot be made or written, or another server uses it */
    static DataDirectory open(Path path) {
        try {
            create(path);
            var lockFile =
                    FileChannel.open(path.resolve("quotary.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                lockFile.close();
                throw new StoreUnavailableException("another server is using the data directory " + path, null);
            }
            return new DataDirectory(path, lockFile);
        } catch (IOException e) {
            throw new StoreUnavailableException("the data directory " + path + " cannot be written", e);
        }
    }

    /** Whether a server uses a directory now; asking makes nothing. */
    static boolean used(Path path) {
        var file = path.resolve("quotary.lock");
        if (!Files.exists(file)) {
            return false;
        }
        try (var lockFile = FileChannel.open(file, StandardOpenOption.READ);
                var lock = lockFile.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException _) {
            return true;
        } catch (IOException e) {
            throw new StoreUnavailableException("whether a server uses " + path + " cannot be told", e);
        }
    }

    private static void create(Path path) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }

    private static boolean lock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new StoreUnavailableException("give the lock of " + path + " back", e);
        }
    }
}
