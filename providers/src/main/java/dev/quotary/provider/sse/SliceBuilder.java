package dev.quotary.provider.sse;

import dev.quotary.provider.Slice;
import dev.quotary.provider.json.ByteBuilder;

/** Puts pieces together, and copies none of them as long as they follow each other in one source. For one thread at a time. */
public final class SliceBuilder {
    private final byte[] source;
    private final ByteBuilder copy = new ByteBuilder();
    private int from;
    private int to;

    public SliceBuilder(byte[] source) {
        this.source = source;
    }

    /** Appends a piece. Bytes of another array than the source may be changed once this has returned. */
    // The question is whether it is the one array, not whether the bytes are alike.
    @SuppressWarnings("ReferenceEquality")
    public void append(byte[] bytes, int pieceFrom, int pieceTo) {
        if (pieceFrom == pieceTo) {
            return;
        }
        boolean first = copy.empty() && from == to;
        if (bytes == source && first) {
            from = pieceFrom;
            to = pieceTo;
        } else if (bytes == source && copy.empty() && to == pieceFrom) {
            to = pieceTo;
        } else {
            copy.append(source, from, to);
            from = to;
            copy.append(bytes, pieceFrom, pieceTo);
        }
    }

    public Slice build() {
        if (!copy.empty()) {
            return new Slice(copy.array(), 0, copy.size());
        }
        return from == to ? Slice.EMPTY : new Slice(source, from, to - from);
    }
}
