package dev.quotary.provider.gemini;

import dev.quotary.provider.OutputText;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.sse.SliceBuilder;

/**
 * Relays a stream that is one JSON array, each element a chunk of the answer. Nothing is changed; the bracket that ends the array is kept
 * apart. An element that the provider broke off is not given on, so that the array can be ended.
 */
final class ArrayRelay implements StreamRelay, ArraySplitter.Sink {
    /** What may follow the end; more is thrown away. */
    static final int TAIL_BYTES_MAX = 64 * 1024;

    private final GeminiErrors errors;
    private final StreamState state;
    private final ArraySplitter splitter;
    private final ByteBuilder tail = new ByteBuilder();

    private SliceBuilder out = new SliceBuilder(new byte[0]);
    private boolean given;
    private boolean done;

    ArrayRelay(GeminiContext context, int elementBytesMax) {
        this.errors = context.errors();
        this.state = new StreamState(context.json());
        this.splitter = new ArraySplitter(this, elementBytesMax);
    }

    @Override
    public Slice feed(byte[] bytes, int offset, int length) {
        out = new SliceBuilder(bytes);
        splitter.feed(bytes, offset, length);
        return out.build();
    }

    @Override
    public Slice finish() {
        return Slice.EMPTY;
    }

    @Override
    public byte[] ending(RefusalMessage message) {
        return errors.element(message, !given);
    }

    @Override
    public Slice tail() {
        return tail.empty() ? Slice.EMPTY : new Slice(tail.array(), 0, tail.size());
    }

    @Override
    public StreamFacts facts() {
        return state.facts(done);
    }

    @Override
    public long textBytes() {
        return state.textBytes();
    }

    @Override
    public OutputText text() {
        return state.text();
    }

    @Override
    public void element(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && bytes[start] != '{') {
            start++;
        }
        state.chunk(bytes, start, to);
        give(bytes, from, to);
    }

    @Override
    public void oversized(byte[] bytes, int from, int to, boolean last) {
        state.unread(to - (long) from, last);
        give(bytes, from, to);
    }

    private void give(byte[] bytes, int from, int to) {
        given = true;
        out.append(bytes, from, to);
    }

    @Override
    public void end(byte[] bytes, int from, int to) {
        done = true;
        tail.append(bytes, from, Math.min(to, from + TAIL_BYTES_MAX - Math.min(tail.size(), TAIL_BYTES_MAX)));
    }
}
