package dev.quotary.provider.gemini;

import dev.quotary.provider.json.ByteBuilder;

/**
 * Cuts a JSON array into its elements as it arrives, without reading what is in them. For one thread at a time.
 *
 * <p>A piece goes from where the one before ended, so with the bracket or comma and the space before it, to the end of the element. Only an
 * element that arrives in parts is collected. A document that is no array is one piece.
 */
final class ArraySplitter {
    private final Sink sink;
    private final int elementBytesMax;
    private final ByteBuilder held = new ByteBuilder();

    private int depth;
    private boolean array;
    private boolean begun;
    private boolean inString;
    private boolean escaped;
    private boolean closed;
    private boolean oversized;

    /** Where the pieces go. The bytes may be used during the call only. */
    interface Sink {
        /** One whole element with what stood before it. */
        void element(byte[] bytes, int from, int to);

        /** The next part of an element that grew too large to be collected. */
        void oversized(byte[] bytes, int from, int to, boolean last);

        /** The end of the array, and what follows it. */
        void end(byte[] bytes, int from, int to);
    }

    ArraySplitter(Sink sink, int elementBytesMax) {
        this.sink = sink;
        this.elementBytesMax = elementBytesMax;
    }

    void feed(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int start = offset;
        for (int at = offset; at < end && !closed; at++) {
            if (endsElement(bytes[at])) {
                handOver(bytes, start, at + 1);
                start = at + 1;
            }
        }
        if (closed) {
            if (!held.empty()) {
                sink.end(held.array(), 0, held.size());
                held.clear();
            }
            sink.end(bytes, start, end);
        } else {
            hold(bytes, start, end);
        }
    }

    private boolean endsElement(byte b) {
        if (inString) {
            string(b);
            return false;
        }
        switch (b) {
            case '"' -> inString = true;
            case '{' -> opened(false);
            case '[' -> opened(true);
            case '}', ']' -> {
                depth--;
                closed = depth <= 0;
                return depth == (array ? 1 : 0);
            }
            default -> {}
        }
        return false;
    }

    private void opened(boolean bracket) {
        array |= bracket && !begun;
        begun = true;
        depth++;
    }

    private void string(byte b) {
        if (escaped) {
            escaped = false;
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
        }
    }

    private void handOver(byte[] bytes, int from, int to) {
        if (oversized) {
            sink.oversized(bytes, from, to, true);
            oversized = false;
        } else if (held.empty()) {
            sink.element(bytes, from, to);
        } else {
            held.append(bytes, from, to);
            sink.element(held.array(), 0, held.size());
            held.clear();
        }
    }

    private void hold(byte[] bytes, int from, int to) {
        if (!oversized && to - from <= elementBytesMax - held.size()) {
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
