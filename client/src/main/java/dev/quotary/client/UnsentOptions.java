package dev.quotary.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How usage is kept that could not be told.
 *
 * @param entriesMax how much is kept at most, in number
 * @param bytesMax how much is kept at most, in bytes of what is sent
 * @param directory where it survives the death of this process; empty to keep it in memory. One directory serves one client at a time,
 *     and one organization
 * @param pauseMin before the first retry; twice as long before each that follows
 * @param pauseMax between retries
 */
public record UnsentOptions(
        int entriesMax, long bytesMax, Optional<Path> directory, Duration pauseMin, Duration pauseMax) {
    /** 10,000 entries and 16 MiB in memory; retried after half a second, then ever more seldom, down to once a minute. */
    public static final UnsentOptions IN_MEMORY =
            new UnsentOptions(10_000, 16 << 20, Optional.empty(), Duration.ofMillis(500), Duration.ofMinutes(1));

    public UnsentOptions {
        if (entriesMax < 0 || bytesMax < 0) {
            throw new IllegalArgumentException("expected bounds of 0 or more, was " + entriesMax + ", " + bytesMax);
        }
        if (pauseMin.isNegative() || pauseMin.isZero() || pauseMax.compareTo(pauseMin) < 0) {
            throw new IllegalArgumentException(
                    "expected a pause, and none longer than the longest, was " + pauseMin + ", " + pauseMax);
        }
    }

    /** Kept on disk as well, written before it is first sent, so that nothing is lost if this process is killed meanwhile. */
    public static UnsentOptions in(Path directory) {
        return new UnsentOptions(
                IN_MEMORY.entriesMax,
                IN_MEMORY.bytesMax,
                Optional.of(directory),
                IN_MEMORY.pauseMin,
                IN_MEMORY.pauseMax);
    }

    /** With other bounds. */
    public UnsentOptions bounds(int entries, long bytes) {
        return new UnsentOptions(entries, bytes, directory, pauseMin, pauseMax);
    }

    /** With other pauses between retries. */
    public UnsentOptions pauses(Duration first, Duration longest) {
        return new UnsentOptions(entriesMax, bytesMax, directory, first, longest);
    }
}
