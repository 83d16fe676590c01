package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.sse.EventData;
import dev.quotary.provider.sse.EventSplitter;
import dev.quotary.provider.sse.SliceBuilder;
import dev.quotary.provider.text.TextTally;
import java.util.Optional;

/**
 * Relays a stream whose events pass unchanged, and whose last event says what was used. That one is kept apart with what follows it.
 *
 * <p>An event that grows beyond a bound before it is complete is let through unread, part by part, and reading goes on with the next one.
 */
public final class EventRelay implements StreamRelay, EventSplitter.Sink {
    /** An event with a large image in it has twenty megabytes. */
    public static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    /** What may follow the last event; more is thrown away, as clients stop reading there. */
    static final int TAIL_BYTES_MAX = 64 * 1024;

    private final Events events;
    private final EventSplitter splitter;
    private final EventData data = new EventData();
    private final ByteBuilder tail = new ByteBuilder();
    private SliceBuilder out = new SliceBuilder(new byte[0]);
    private boolean done;
    private int tailBytesMax;
    private long unreadEvents;

    /** What the events of one stream say. */
    public interface Events {
        /** Reads the data of one event, and tells whether it is the last one. */
        boolean read(byte[] bytes, int from, int to);

        AnswerFacts facts();

        /** What made the provider end the stream, if it says so. */
        Optional<ProviderError> error();

        /** What the model wrote. */
        TextTally tally();

        /** What ends the stream in place of the rest. */
        byte[] ending(RefusalMessage message);
    }

    public EventRelay(Events events, int eventBytesMax) {
        this.events = events;
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
        out = new SliceBuilder(new byte[0]);
        splitter.finish();
        return out.build();
    }

    @Override
    public byte[] ending(RefusalMessage message) {
        return events.ending(message);
    }

    @Override
    public Slice tail() {
        return tail.empty() ? Slice.EMPTY : new Slice(tail.array(), 0, tail.size());
    }

    @Override
    public StreamFacts facts() {
        return new StreamFacts(events.facts(), events.error(), done, unreadEvents);
    }

    @Override
    public long textBytes() {
        return events.tally().bytes();
    }

    @Override
    public OutputText text() {
        return events.tally().text();
    }

    @Override
    public void event(byte[] bytes, int from, int to) {
        if (done) {
            toTail(bytes, from, to);
            return;
        }
        data.read(bytes, from, to);
        if (data.lines() > 0 && last()) {
            done = true;
            tailBytesMax = to - from + TAIL_BYTES_MAX;
            toTail(bytes, from, to);
        } else {
            out.append(bytes, from, to);
        }
    }

    @Override
    public void oversized(byte[] bytes, int from, int to, boolean last) {
        if (done) {
            toTail(bytes, from, to);
        } else {
            out.append(bytes, from, to);
            unreadEvents += last ? 1 : 0;
        }
    }

    /** Some servers end every kind of stream as they end chats. */
    private boolean last() {
        return doneMark() || events.read(data.bytes(), data.from(), data.to());
    }

    private boolean doneMark() {
        byte[] bytes = data.bytes();
        int at = data.from();
        return data.to() - at == 6
                && bytes[at] == '['
                && bytes[at + 1] == 'D'
                && bytes[at + 2] == 'O'
                && bytes[at + 3] == 'N'
                && bytes[at + 4] == 'E'
                && bytes[at + 5] == ']';
    }

    private void toTail(byte[] bytes, int from, int to) {
        tail.append(bytes, from, Math.min(to, from + tailBytesMax - Math.min(tail.size(), tailBytesMax)));
    }
}
