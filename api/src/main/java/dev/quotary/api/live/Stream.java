package dev.quotary.api.live;

import dev.quotary.http.ProblemException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One reader: a place in its channel, and a connection.
 *
 * <p>It takes from the channel what the connection has room for, and when it has room again, goes on. Nothing is kept for it but what the
 * connection was given, {@value #UNSENT_BYTES_MAX} bytes and one piece. A reader so slow that the channel has forgotten what comes next for it
 * is told so, and dropped. Everything but {@link #wake} and what calls it happens on the event loop of the connection.
 */
final class Stream {
    static final int UNSENT_BYTES_MAX = 64 * 1024;
    private static final int ITEMS_AT_ONCE = 64;
    private static final long LAST_WORDS_MILLIS = 10_000;
    private static final Buffer HEARTBEAT = Buffer.buffer(": \n\n");

    private final Channel channel;
    private final Sight sight;
    private final HttpServerResponse response;
    private final Context context;
    private final Runnable access;
    private final Runnable closed;
    private final AtomicBoolean woken = new AtomicBoolean();
    private long position;
    private long skipUntil;
    private boolean over;
    private boolean waitingForRoom;

    /**
     * Where a reader begins.
     *
     * @param position in the channel
     * @param skipUntil events of the ledger that it has already, by their numbers
     */
    record Start(long position, long skipUntil) {}

    /**
     * How a reader is connected.
     *
     * @param access throws what says why the reader may not read any longer
     * @param closed told once when the stream has ended
     */
    record Line(HttpServerResponse response, Context context, Runnable access, Runnable closed) {}

    Stream(Channel channel, Sight sight, Start start, Line line) {
        this.channel = channel;
        this.sight = sight;
        this.position = start.position();
        this.skipUntil = start.skipUntil();
        this.response = line.response();
        this.context = line.context();
        this.access = line.access();
        this.closed = line.closed();
    }

    Sight sight() {
        return sight;
    }

    /** Sends the head and what goes before what happens from now on. */
    void begin(Buffer greeting) {
        response.closeHandler(_ -> end());
        response.exceptionHandler(_ -> end());
        response.setChunked(true);
        response.setWriteQueueMaxSize(UNSENT_BYTES_MAX);
        head(response);
        write(greeting);
        if (response.closed()) {
            end();
            return;
        }
        pump();
    }

    static void head(HttpServerResponse response) {
        response.putHeader("Content-Type", "text/event-stream");
        response.putHeader("Cache-Control", "no-store");
        // Proxies that gather answers before they pass them on would make live late.
        response.putHeader("X-Accel-Buffering", "no");
    }

    /** There may be something to read. From any thread. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            context.runOnContext(_ -> {
                woken.set(false);
                pump();
            });
        }
    }

    /** Sees to it that the stream ends when its reader may not read any longer, or is lost. From any thread. */
    void check(boolean heartbeat) {
        context.runOnContext(_ -> {
            try {
                access.run();
            } catch (ProblemException e) {
                last("end", "{\"code\":\"" + e.problem().code().name() + "\"}");
                return;
            }
            if (heartbeat && !over && !response.writeQueueFull()) {
                write(HEARTBEAT);
            }
            pump();
        });
    }

    /** The server stops. From any thread. */
    void stop() {
        context.runOnContext(_ -> last("end", "{\"code\":\"SERVER_STOPPING\"}"));
    }

    private void pump() {
        while (!over) {
            if (channel.ring().lost(position)) {
                last("reset", "{\"reason\":\"slow_reader\"}");
                return;
            }
            if (response.writeQueueFull()) {
                waitForRoom();
                return;
            }
            var items = channel.ring().from(position, ITEMS_AT_ONCE);
            if (items.isEmpty()) {
                return;
            }
            send(items);
        }
    }

    private void send(List<Item> items) {
        var out = Buffer.buffer();
        for (var item : items) {
            if (item.number() == 0 || item.number() > skipUntil) {
                out.appendBytes(sight.of(item));
            }
        }
        position = items.getLast().position() + 1;
        if (out.length() > 0) {
            write(out);
        }
    }

    private void waitForRoom() {
        if (!waitingForRoom) {
            waitingForRoom = true;
            response.drainHandler(_ -> {
                waitingForRoom = false;
                pump();
            });
        }
    }

    private void write(Buffer bytes) {
        // A write that fails closes the connection, which is told by itself.
        var _ = response.write(bytes);
    }

    private void last(String name, String json) {
        if (over) {
            return;
        }
        end();
        var _ = response.end(Buffer.buffer(Item.frame("", name, json.getBytes(StandardCharsets.UTF_8))));
        // Whoever does not read does not read its last words either.
        long timer = context.owner().setTimer(LAST_WORDS_MILLIS, _ -> response.reset());
        response.endHandler(_ -> context.owner().cancelTimer(timer));
    }

    private void end() {
        if (!over) {
            over = true;
            closed.run();
        }
    }
}
