package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.sse.EventData;
import dev.quotary.provider.sse.EventFrame;
import dev.quotary.provider.sse.SliceBuilder;
import dev.quotary.provider.text.TextTally;
import java.util.Optional;

/**
 * Relays a stream whose events pass unchanged, and whose last event says what was used. That one is kept apart with what follows it.
 */
public final class EventRelay implements StreamRelay, EventFrame.Events {
    /** An event with a large image in it has twenty megabytes. */
    public static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    static final int TAIL_BYTES_MAX = EventFrame.TAIL_BYTES_MAX;

    private final Events events;
    private final EventFrame frame;

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
        this.frame = new EventFrame(this, eventBytesMax);
    }

    @Override
    public Slice feed(byte[] bytes, int offset, int length) {
        return frame.feed(bytes, offset, length);
    }

    @Override
    public Slice finish() {
        return frame.finish();
    }

    @Override
    public byte[] ending(RefusalMessage message) {
        return events.ending(message);
    }

    @Override
    public Slice tail() {
        return frame.tail();
    }

    @Override
    public StreamFacts facts() {
        return new StreamFacts(events.facts(), events.error(), frame.done(), frame.unreadEvents());
    }

    @Override
    public long textBytes() {
        return events.tally().bytes();
    }

    @Override
    public OutputText text() {
        return events.tally().text();
    }

    /** Some servers end every kind of stream as they end chats. */
    @Override
    public boolean terminal(EventData data) {
        return doneMark(data) || events.read(data.bytes(), data.from(), data.to());
    }

    @Override
    public void take(EventData data, EventFrame.Whole event, SliceBuilder out) {
        event.passTo(out);
    }

    /** Only events with images or sound in them are so large: no text that a count could miss. */
    @Override
    public void unread(long bytes) {}

    /** The last event may hold a whole image. */
    @Override
    public int tailBytesMax(int terminalBytes) {
        return terminalBytes + TAIL_BYTES_MAX;
    }

    private static boolean doneMark(EventData data) {
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
}
