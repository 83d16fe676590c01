package dev.quotary.api.live;

import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.limit.CounterKey;
import dev.quotary.usage.Decision;
import dev.quotary.usage.DecisionListener;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens, handed to whoever listens.
 *
 * <p>The ledger and the engine tell it on their own threads, which cost one look at a map where nobody listens to the organization, and
 * putting an object into a bounded queue where somebody does. Everything else, from wording to looking at limits, is done by one thread
 * ({@link LiveLoop}), and writing by the event loops of the readers.
 */
public final class Live implements Follower, DecisionListener {
    /** What has happened and is not worded yet. Beyond, it is dropped, and every reader is told that something is missing. */
    private static final int SIGNALS_MAX = 16_384;

    private static final int RADIX = 36;

    private final LiveOptions options;
    private final String run;
    private final BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(SIGNALS_MAX);
    private final ConcurrentHashMap<OrganizationKey, Channel> channels = new ConcurrentHashMap<>();
    private volatile @Nullable Channel all;
    private volatile boolean overrun;
    private volatile Optional<Follow> follow = Optional.empty();
    /** Held for moments only: event loops take it. */
    private final Object gate = new Object();
    /** Guarded by the gate, as the serial. */
    private boolean closed;

    private long serial;

    /** Something that happened. */
    sealed interface Signal {
        record Used(Entry entry) implements Signal {}

        record Decided(Call call, Decision decision) implements Signal {}

        record Counted(CounterKey counter) implements Signal {}
    }

    /** @param run names this run of the server: what an earlier run has told is known no more */
    public Live(String run, LiveOptions options) {
        this.run = run;
        this.options = options;
    }

    LiveOptions options() {
        return options;
    }

    BlockingQueue<Signal> signals() {
        return signals;
    }

    /** Events are read from a ledger that other servers write to as well, instead of being told by this one's alone. */
    void follow(Follow ledger) {
        follow = Optional.of(ledger);
    }

    @Override
    public void recorded(Entry entry) {
        if (heard(entry.event().call().organization())) {
            offer(new Signal.Used(entry));
        }
    }

    @Override
    public void decided(Call call, Decision decision) {
        if (heard(call.organization())) {
            offer(new Signal.Decided(call, decision));
        }
    }

    @Override
    public void recounted(CounterKey counter, long used) {
        if (heard(counter.organization())) {
            offer(new Signal.Counted(counter));
        }
    }

    private boolean heard(OrganizationKey organization) {
        return all != null || (!channels.isEmpty() && channels.containsKey(organization));
    }

    private void offer(Signal signal) {
        if (!signals.offer(signal)) {
            overrun = true;
        }
    }

    /** Whether something was dropped since this was asked last. */
    boolean overran() {
        boolean was = overrun;
        overrun = false;
        return was;
    }

    /** Has something done for each channel that hears of an organization. */
    void each(OrganizationKey organization, Consumer<Channel> told) {
        var own = channels.get(organization);
        if (own != null) {
            told.accept(own);
        }
        var whole = all;
        if (whole != null) {
            told.accept(whole);
        }
    }

    /** Every channel there is. */
    List<Channel> channels() {
        var whole = all;
        var open = new ArrayList<>(channels.values());
        if (whole != null) {
            open.add(whole);
        }
        return open;
    }

    /** Where a reader begins, and what it is told first. */
    public static final class Opening {
        private final Channel channel;
        private final Stream.Start start;
        private final Buffer greeting;

        private Opening(Channel channel, Stream.Start start, Buffer greeting) {
            this.channel = channel;
            this.start = start;
            this.greeting = greeting;
        }

        /** Sends what there is by now, and ends. */
        public void now(Sight sight, HttpServerResponse response) {
            Stream.head(response);
            var _ = response.end(now(sight));
        }

        private Buffer now(Sight sight) {
            var out = greeting.copy();
            channel.ring().from(start.position(), Integer.MAX_VALUE).stream()
                    .filter(item -> item.number() == 0 || item.number() > start.skipUntil())
                    .forEach(item -> out.appendBytes(sight.of(item)));
            return out;
        }

        /** What there is by now, as text. */
        String frames(Sight sight) {
            return now(sight).toString();
        }
    }

    /**
     * Begins to keep what a reader is to be told. May block, where the ledger is asked.
     *
     * @param lastId what the reader was told last; empty for a new one
     */
    public Opening open(Sight sight, String lastId) {
        var channel = channel(sight.organization());
        // In this order: what is told in between is told to those who come again.
        var newest = channel.position();
        long next = channel.ring().next();
        if (lastId.isEmpty()) {
            return new Opening(channel, new Stream.Start(next, 0), greeting(newest));
        }
        long known = channel.after(lastId);
        if (known >= 0) {
            return new Opening(channel, new Stream.Start(known, 0), greeting(lastId));
        }
        return follow.flatMap(ledger -> ledger.missed(sight, lastId))
                .map(missed -> new Opening(
                        channel,
                        new Stream.Start(next, missed.until()),
                        greeting(lastId).appendBuffer(missed.frames())))
                .orElseGet(() -> new Opening(
                        channel,
                        new Stream.Start(next, 0),
                        greeting(newest).appendBytes(Item.frame(newest, "reset", reason("unknown_id")))));
    }

    static byte[] reason(String why) {
        return ("{\"reason\":\"" + why + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** How soon clients come again, and after what, also if nothing happens until then. */
    private static Buffer greeting(String id) {
        return Buffer.buffer("retry: 2000\n\n").appendBytes(Item.frame(id, "open", new byte[] {'{', '}'}));
    }

    private Channel channel(@Nullable OrganizationKey organization) {
        String id;
        synchronized (gate) {
            var known = known(organization);
            if (known != null) {
                known.idleSince(-1);
                return known;
            }
            id = run + "-" + Long.toString(++serial, RADIX);
        }
        // Not under the lock: it may ask the ledger.
        var channel = new Channel(organization, id, options);
        follow.ifPresent(ledger -> ledger.begin(channel));
        synchronized (gate) {
            var known = known(organization);
            if (known != null) {
                return known;
            }
            if (organization == null) {
                all = channel;
            } else {
                channels.put(organization, channel);
            }
            return channel;
        }
    }

    private @Nullable Channel known(@Nullable OrganizationKey organization) {
        return organization == null ? all : channels.get(organization);
    }

    /**
     * Takes a reader in.
     *
     * @throws ProblemException if there are too many
     */
    void enter(Channel channel, Stream stream) {
        synchronized (gate) {
            if (closed) {
                throw new ProblemException(ErrorCode.SERVER_STOPPING, "The server stops.");
            }
            refuseOver(streams(), options.streamsMax());
            refuseOver(channel.streams().size(), options.streamsPerOrganizationMax());
            var subject = stream.sight().subject();
            if (subject != null) {
                refuseOver(of(channel, subject), options.streamsPerSubjectMax());
            }
            channel.streams().add(stream);
        }
    }

    private static long of(Channel channel, SubjectKey subject) {
        return channel.streams().stream()
                .filter(other -> Objects.equals(other.sight().subject(), subject))
                .count();
    }

    private static void refuseOver(long open, int most) {
        if (open >= most) {
            throw new ProblemException(
                    ErrorCode.TOO_MANY_STREAMS, "There are " + most + " open streams already; close one.");
        }
    }

    /**
     * Streams to a client. To be called on the event loop of the connection.
     *
     * @param access throws what says why the reader may not read any longer; asked every second
     * @throws ProblemException if there are too many streams
     */
    public void stream(Opening opening, Sight sight, HttpServerResponse response, Runnable access) {
        var context = Objects.requireNonNull(Vertx.currentContext(), "requests are handled on an event loop");
        var channel = opening.channel;
        var ends = new AtomicReference<Runnable>(() -> {});
        var line = new Stream.Line(response, context, access, () -> ends.get().run());
        var stream = new Stream(channel, sight, opening.start, line);
        ends.set(() -> channel.streams().remove(stream));
        enter(channel, stream);
        stream.begin(opening.greeting);
    }

    /** How many streams are open. */
    public int streams() {
        return channels().stream().mapToInt(channel -> channel.streams().size()).sum();
    }

    /** Forgets channels that nobody has read for a while: until then, readers who come again miss nothing. */
    void retire(long tick, long ticksKept) {
        synchronized (gate) {
            for (var channel : channels()) {
                if (!channel.streams().isEmpty()) {
                    channel.idleSince(-1);
                } else if (channel.idleSince() < 0) {
                    channel.idleSince(tick);
                } else if (tick - channel.idleSince() > ticksKept) {
                    drop(channel);
                }
            }
        }
    }

    private void drop(Channel channel) {
        var organization = channel.organization();
        if (organization == null) {
            all = null;
        } else {
            channels.remove(organization);
        }
    }

    /** Ends all streams, and lets no more begin. */
    void close() {
        synchronized (gate) {
            closed = true;
            channels().forEach(channel -> channel.streams().forEach(Stream::stop));
        }
    }
}
