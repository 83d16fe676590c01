package dev.quotary.provider.gemini;

import dev.quotary.provider.OutputText;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.sse.EventData;
import dev.quotary.provider.sse.EventSplitter;
import dev.quotary.provider.sse.SliceBuilder;

/**
 * Relays a stream of server-sent events, each with one chunk of the answer. Nothing is changed. The form has no terminal event: the stream
 * has ended well if every candidate has.
 *
 * <p>An event that grows beyond its maximum before it is complete is let through unread, part by part, and reading goes on with the next
 * one. An event that the provider broke off is not given on, since no client could read it.
 */
final class EventRelay implements StreamRelay, EventSplitter.Sink {
    /** An image in 4K is 20 MB of base64. */
    static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private final GeminiErrors errors;
    private final StreamState state;
    private final EventSplitter splitter;
    private final EventData data = new EventData();

    private SliceBuilder out = new SliceBuilder(new byte[0]);
    private boolean ended;
    private boolean withinEvent;

    EventRelay(GeminiContext context, int eventBytesMax) {
        this.errors = context.errors();
        this.state = new StreamState(context.json());
        this.splitter = new EventSplitter(this, eventBytesMax);
    }

    @Override
    public Slice feed(byte[] bytes, int offset, int length) {
        out = new SliceBuilder(bytes);
        splitter.feed(bytes, offset, length);
        return out.build();
    }

    @Override
    public Slice finish() {
        ended = true;
        out = new SliceBuilder(new byte[0]);
        splitter.finish();
        return out.build();
    }

    @Override
    public byte[] ending(RefusalMessage message) {
        return errors.event(message, withinEvent);
    }

    @Override
    public Slice tail() {
        return Slice.EMPTY;
    }

    @Override
    public StreamFacts facts() {
        return state.facts(ended && state.complete());
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
    public void event(byte[] bytes, int from, int to) {
        data.read(bytes, from, to);
        boolean whole =
                data.lines() == 0 ? bareObject(bytes, from, to) : state.chunk(data.bytes(), data.from(), data.to());
        // Within the stream an event is passed on whatever it is; the last one may have been broken off.
        if (whole || !ended) {
            out.append(bytes, from, to);
            withinEvent = ended;
        }
    }

    /** Google's servers may send an error without the form of an event. */
    private boolean bareObject(byte[] bytes, int from, int to) {
        return bytes[from] != '{' || state.chunk(bytes, from, to);
    }

    @Override
    public void oversized(byte[] bytes, int from, int to, boolean last) {
        out.append(bytes, from, to);
        state.unread(to - (long) from, last);
        withinEvent = !last || ended;
    }
}
