package dev.quotary.provider.text;

import dev.quotary.provider.OutputText;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.json.JsonText;
import java.nio.charset.StandardCharsets;

/** Counts all text that a model wrote, and keeps the beginning of it for an estimate. For one thread at a time. */
public final class TextTally implements TextSink {
    /** About 16,000 tokens. Two thousand streams at once then keep at most 128 MiB, and what lies beyond is extrapolated. */
    public static final int KEPT_BYTES_MAX = 64 * 1024;

    private final ByteBuilder kept = new ByteBuilder();
    private long bytes;

    @Override
    public void add(byte[] json, int from, int to) {
        bytes += JsonText.decodedBytes(json, from, to);
        int room = KEPT_BYTES_MAX - kept.size();
        if (room > 0) {
            // A cut through a character or an escape spoils that one character, which an estimate can bear.
            JsonText.decode(json, from, Math.min(to, from + room), kept);
        }
    }

    /** Counts bytes that cannot be looked at. */
    public void addUnread(long count) {
        bytes += count;
    }

    public long bytes() {
        return bytes;
    }

    public OutputText text() {
        return new OutputText(
                new String(kept.array(), 0, kept.size(), StandardCharsets.UTF_8), Math.min(kept.size(), bytes), bytes);
    }
}
