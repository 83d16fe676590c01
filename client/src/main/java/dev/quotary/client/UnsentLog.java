package dev.quotary.client;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file of what is unsent: a line for every usage that came, one for every usage that is done with, each with its sum, so that a broken
 * line costs that line alone. Emptied as soon as nothing is left, and written anew where most of it is done with. A write is not forced to
 * the disk: it survives the death of the process, not that of the machine.
 *
 * <p>Not thread-safe: its one caller has a lock.
 */
final class UnsentLog implements AutoCloseable {
    private static final long REWRITE_BYTES_MIN = 1 << 20;

    private final UnsentFiles files;
    private final Map<Long, String> live = new LinkedHashMap<>();
    private RandomAccessFile file;
    private long size;
    private long liveBytes;

    private UnsentLog(UnsentFiles files, Map<Long, String> left) throws IOException {
        this.files = files;
        left.forEach(this::remember);
        this.file = rewritten();
    }

    /** @throws IOException if another client has the directory, or it cannot be read and written */
    static UnsentLog open(Path directory, UsageListener listener) throws IOException {
        var files = UnsentFiles.lock(directory);
        try {
            var lines = UnsentLines.read(files.read());
            if (!lines.broken().isEmpty()) {
                listener.damaged(files.setAside(lines.broken()), lines.broken().size());
            }
            return new UnsentLog(files, lines.live());
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** What was left by earlier processes, by number, and has been kept since. */
    Map<Long, String> live() {
        return new LinkedHashMap<>(live);
    }

    /** @throws IOException if it is not in the file; nothing of it is then */
    void put(long number, String content) throws IOException {
        append(UnsentLines.put(number, content));
        remember(number, content);
    }

    /** Says that it needs not be kept any more. */
    void done(long number) throws IOException {
        var content = live.remove(number);
        if (content == null) {
            return;
        }
        liveBytes -= content.length();
        if (live.isEmpty()) {
            file.setLength(0);
            size = 0;
        } else {
            append(UnsentLines.done(number));
            if (size > Math.max(REWRITE_BYTES_MIN, 2 * liveBytes)) {
                var old = file;
                file = rewritten();
                old.close();
            }
        }
    }

    private void remember(long number, String content) {
        live.put(number, content);
        liveBytes += content.length();
    }

    private RandomAccessFile rewritten() throws IOException {
        var whole = new StringBuilder();
        live.forEach((number, content) -> whole.append(UnsentLines.put(number, content)));
        var bytes = whole.toString().getBytes(StandardCharsets.UTF_8);
        var fresh = files.replaced(bytes);
        size = bytes.length;
        return fresh;
    }

    private void append(String line) throws IOException {
        var bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            file.seek(size);
            file.write(bytes);
            size += bytes.length;
        } catch (IOException e) {
            // The next line begins where this one did.
            file.setLength(size);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (files) {
            file.close();
        }
    }
}
