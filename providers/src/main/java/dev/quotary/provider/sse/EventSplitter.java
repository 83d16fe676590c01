package dev.quotary.provider.sse;

import dev.quotary.provider.json.ByteBuilder;

/**
 * Cuts a stream of bytes into whole events, however it arrives. For one thread at a time.
 *
 * <p>An event goes from its first line to the blank line that ends it. A comment between events is handed over by itself, at once: it
 * keeps connections alive. Whole events in a chunk are handed over where they lie; only an event that arrives in parts is collected.
 */
public final class EventSplitter {
    private final Sink sink;
    private final int eventBytesMax;

    /** Bytes of the event that has not ended yet, from earlier chunks. */
    private final ByteBuilder held = new ByteBuilder();

    /** Bytes of the line that has not ended yet, from earlier chunks, and the first of them. */
    private long lineBytes;

    private byte lineFirst;
    private boolean insideEvent;
    private boolean oversized;

    /** Where the pieces go. The bytes may be used during the call only. */
    public interface Sink {
        /** One whole event with its blank line, or a comment line; the last one of a stream may lack its end. */
        void event(byte[] bytes, int from, int to);

        /** The next part of an event that grew too large to be collected. */
        void oversized(byte[] bytes, int from, int to, boolean last);
    }

    /** @param eventBytesMax how much of an unfinished event is collected before it is let go in parts */
    public EventSplitter(Sink sink, int eventBytesMax) {
        this.sink = sink;
        this.eventBytesMax = eventBytesMax;
    }

    public void feed(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int eventStart = offset;
        int lineStart = offset;
        for (int at = offset; at < end; at++) {
            if (bytes[at] == '\n') {
                if (endsEvent(bytes, lineStart, at)) {
                    handOver(bytes, eventStart, at + 1);
                    eventStart = at + 1;
                }
                lineStart = at + 1;
            }
        }
        if (lineStart < end) {
            lineFirst = lineBytes == 0 ? bytes[lineStart] : lineFirst;
            lineBytes += end - lineStart;
        }
        hold(bytes, eventStart, end);
    }

    /** The stream has ended: hands over an event that lacks its end. */
    public void finish() {
        if (oversized) {
            sink.oversized(held.array(), 0, 0, true);
        } else if (!held.empty()) {
            sink.event(held.array(), 0, held.size());
            held.clear();
        }
    }

    private boolean endsEvent(byte[] bytes, int lineStart, int lineEnd) {
        long length = lineBytes + lineEnd - lineStart;
        byte first = lineBytes > 0 ? lineFirst : bytes[lineStart];
        lineBytes = 0;
        boolean blank = length == 0 || (length == 1 && first == '\r');
        boolean comment = first == ':' && !insideEvent;
        insideEvent = !blank && !comment;
        return blank || comment;
    }

    private void handOver(byte[] bytes, int from, int to) {
        if (oversized) {
            sink.oversized(bytes, from, to, true);
            oversized = false;
        } else if (held.empty()) {
            sink.event(bytes, from, to);
        } else {
            held.append(bytes, from, to);
            sink.event(held.array(), 0, held.size());
            held.clear();
        }
    }

    private void hold(byte[] bytes, int from, int to) {
        if (!oversized && to - from <= eventBytesMax - held.size()) {
            held.append(bytes, from, to);
            return;
        }
        if (!held.empty()) {
            sink.oversized(held.array(), 0, held.size(), false);
            held.clear();
        }
        oversized = true;
        if (from < to) {
            sink.oversized(bytes, from, to, false);
        }
    }
}
