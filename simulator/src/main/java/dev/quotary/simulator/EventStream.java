package dev.quotary.simulator;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.BiConsumer;

/**
 * Writes events one by one, with a pause between two of them, and no faster than the client reads.
 *
 * <p>At any time it waits for at most one thing, its next turn or room in the write queue; whichever ends calls
 * {@link #pump}. Runs on one event loop only.
 */
final class EventStream {
    /** How many events one turn of the event loop may take: a fast reader of a long answer must not starve other calls. */
    static final int TURN_EVENTS_MAX = 64;

    private final WriteStream<Buffer> out;
    private final Duration pause;
    private final BiConsumer<Duration, Runnable> later;
    private boolean waitsForRoom;

    /** @param later runs a step in a later turn, after a delay or as soon as can be, unless nobody listens any more */
    EventStream(WriteStream<Buffer> out, Duration pause, BiConsumer<Duration, Runnable> later) {
        this.out = out;
        this.pause = pause;
        this.later = later;
    }

    /** Runs {@code afterwards} when all events have left the process. */
    void send(Iterator<Buffer> events, Runnable afterwards) {
        out.drainHandler(_ -> {
            // The handler is called whenever the queue empties, also when nobody waits for it.
            if (waitsForRoom) {
                waitsForRoom = false;
                pump(events, afterwards);
            }
        });
        pump(events, afterwards);
    }

    private void pump(Iterator<Buffer> events, Runnable afterwards) {
        Future<Void> written = Future.succeededFuture();
        int turnEvents = pause.isZero() ? TURN_EVENTS_MAX : 1;
        for (int i = 0; i < turnEvents && events.hasNext(); i++) {
            if (out.writeQueueFull()) {
                waitsForRoom = true;
                return;
            }
            written = out.write(events.next());
        }
        if (events.hasNext()) {
            later.accept(pause, () -> pump(events, afterwards));
        } else {
            written.onSuccess(_ -> afterwards.run());
        }
    }
}
