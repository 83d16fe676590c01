package dev.quotary.provider.sse;

import dev.quotary.provider.Slice;
import dev.quotary.provider.json.ByteBuilder;

/**
 * What all relays of events do alike: bytes in, whole events out, and the terminal one kept apart with what follows it. For one thread at
 * a time.
 *
 * <p>An event that grows beyond a bound before it is complete is let through unread, part by part, and reading goes on with the next one.
 */
public final class EventFrame implements EventSplitter.Sink {
    /** What may follow the terminal event; more is thrown away, as clients stop reading there. */
    public static final int TAIL_BYTES_MAX = 64 * 1024;

    private final Events events;
    private final EventSplitter splitter;
    private final EventData data = new EventData();
    private final ByteBuilder tail = new ByteBuilder();
    private SliceBuilder out = new SliceBuilder(new byte[0]);
    private int tailBytesMax;
    private boolean done;
    private long unreadEvents;

    /** What the events of one kind of stream mean. */
    public interface Events {
        /** Looks at the data of an event, and tells whether it is the terminal one. */
        boolean terminal(EventData data);

        /** Takes an event that is not, and hands on what the client gets of it: {@code event} where it lies, or less. */
        void take(EventData data, Whole event, SliceBuilder out);

        /** Such an event has bytes that cannot be looked at. */
        void unread(long bytes);

        /** How much is kept from the terminal event on, if that has so many bytes. */
        default int tailBytesMax(int terminalBytes) {
            return TAIL_BYTES_MAX;
        }
    }

    /** A whole event with its blank line. The bytes may be used during the call only. */
    @SuppressWarnings("ArrayRecordComponent") // Bytes on their way: never compared, and never changed.
    public record Whole(byte[] bytes, int from, int to) {
        /** Hands all of it on. */
        public void passTo(SliceBuilder out) {
            out.append(bytes, from, to);
        }
    }

    /** @param eventBytesMax how much of an unfinished event is collected before it is let go in parts */
    public EventFrame(Events events, int eventBytesMax) {
        this.events = events;
        this.splitter = new EventSplitter(this, eventBytesMax);
    }

    /** Takes bytes from the provider; gives what the client gets now. */
    public Slice feed(byte[] bytes, int offset, int length) {
        out = new SliceBuilder(bytes);
        splitter.feed(bytes, offset, length);
        return out.build();
    }

    /** The stream has ended; gives what was still held back. */
    public Slice finish() {
        out = new SliceBuilder(new byte[0]);
        splitter.finish();
        return out.build();
    }

    /** The terminal event and what followed it. */
    public Slice tail() {
        return tail.empty() ? Slice.EMPTY : new Slice(tail.array(), 0, tail.size());
    }

    /** Whether the terminal event came. */
    public boolean done() {
        return done;
    }

    /** How many events were too large to be read. */
    public long unreadEvents() {
        return unreadEvents;
    }

    @Override
    public void event(byte[] bytes, int from, int to) {
        if (!done) {
            data.read(bytes, from, to);
            done = data.lines() > 0 && events.terminal(data);
            tailBytesMax = done ? events.tailBytesMax(to - from) : 0;
        }
        if (done) {
            toTail(bytes, from, to);
        } else if (data.lines() == 0) {
            out.append(bytes, from, to);
        } else {
            events.take(data, new Whole(bytes, from, to), out);
        }
    }

    @Override
    public void oversized(byte[] bytes, int from, int to, boolean last) {
        if (done) {
            toTail(bytes, from, to);
        } else {
            out.append(bytes, from, to);
            events.unread(to - (long) from);
            unreadEvents += last ? 1 : 0;
        }
    }

    private void toTail(byte[] bytes, int from, int to) {
        tail.append(bytes, from, Math.min(to, from + tailBytesMax - Math.min(tail.size(), tailBytesMax)));
    }
}
