package dev.quotary.api.live;

import dev.quotary.api.live.Item.About;
import dev.quotary.call.Call;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Tail;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that words what happens, and looks after the streams. It may wait for a store; nobody waits for it. */
public final class LiveLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveLoop.class);
    private static final int SIGNALS_AT_ONCE = 1_000;
    private static final long TICK_MILLIS = 200;
    private static final int TICKS_PER_CHECK = 5;
    /** How long a channel is kept that nobody reads: readers who come again miss nothing until then. */
    private static final int TICKS_KEPT = 300;
    /** Looking at limits costs a step in memory, or a question to a database. */
    private static final int LOOKS_IN_MEMORY = 500;

    private static final int LOOKS_AT_STORE = 20;
    private static final long CLOSE_MILLIS_MAX = 10_000;

    private final Live live;
    private final Words words;
    private final LongSupplier nanos;
    private final Optional<Follow> follow;
    private final States states;
    private final int looksMax;
    private final Thread thread;
    private volatile boolean stopped;
    private long tick;
    private boolean failing;

    private LiveLoop(Live live, Parts parts, LongSupplier nanos) {
        this.live = live;
        this.words = parts.words();
        this.nanos = nanos;
        this.follow = parts.tail().map(tail -> new Follow(tail, words));
        follow.ifPresent(live::follow);
        this.states = new States(parts.admissions(), this::changed);
        this.looksMax = parts.admissions().immediate() ? LOOKS_IN_MEMORY : LOOKS_AT_STORE;
        this.thread = Thread.ofPlatform().name("live").daemon().unstarted(this::run);
    }

    /**
     * What streams are made of.
     *
     * @param tail of a ledger that other servers write to as well; empty where this server's is told of everything
     */
    public record Parts(Words words, Admissions admissions, Optional<Tail> tail) {}

    /** @param nanos a clock for stretches of time, such as {@code System::nanoTime} */
    public static LiveLoop start(Live live, Parts parts, LongSupplier nanos) {
        var loop = new LiveLoop(live, parts, nanos);
        parts.admissions().onDecision(live);
        loop.thread.start();
        return loop;
    }

    private void run() {
        long last = nanos.getAsLong();
        while (!stopped) {
            try {
                if (nanos.getAsLong() - last >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                    last = nanos.getAsLong();
                    tick();
                }
                take();
                failing = false;
            } catch (InterruptedException _) {
                return;
            } catch (StoreUnavailableException e) {
                if (!failing) {
                    LOG.atWarn().setCause(e).log("live streams wait for the store");
                }
                failing = true;
            } catch (RuntimeException | Error e) {
                LOG.atError().setCause(e).log("telling live streams failed; they go on");
                gap();
            }
        }
    }

    private void take() throws InterruptedException {
        var first = live.signals().poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
            return;
        }
        var batch = new ArrayList<Live.Signal>();
        batch.add(first);
        live.signals().drainTo(batch, SIGNALS_AT_ONCE);
        tell(batch);
    }

    private void tell(List<Live.Signal> batch) {
        var asking = new LinkedHashSet<States.Asking>();
        boolean used = false;
        for (var signal : batch) {
            switch (signal) {
                case Live.Signal.Used(var entry) -> {
                    used = true;
                    if (follow.isEmpty()) {
                        used(entry.event());
                    }
                    asking.add(States.Asking.of(entry.event().call()));
                }
                case Live.Signal.Counted(var counter) -> asking.add(States.Asking.of(counter));
                case Live.Signal.Decided(var call, var decision) -> {
                    decided(call, decision);
                    states.seen(States.Asking.of(call), decision);
                }
            }
        }
        wake();
        if (used && follow.isPresent()) {
            read(asking);
        }
        asking.stream().limit(looksMax).forEach(states::look);
        wake();
    }

    private void used(UsageEvent event) {
        var call = event.call();
        byte[] json = words.usage(event);
        live.each(call.organization(), channel -> channel.tell("usage", About.subject(call.subject()), json, json));
    }

    private void decided(Call call, Decision decision) {
        byte[] whole = words.decision(call, decision, false);
        byte[] own = words.decision(call, decision, true);
        tell(call.organization(), new Told("decision", About.subject(call.subject()), whole, own));
    }

    private void changed(Words.Change change) {
        byte[] json = words.status(change);
        boolean own = OwnLimits.has(change.status());
        tell(
                change.organization(),
                new Told("status", About.subject(change.subject()), json, own ? json : Item.NOTHING));
    }

    @SuppressWarnings("ArrayRecordComponent") // Handed on at once.
    private record Told(String name, About about, byte[] whole, byte[] own) {}

    /** Where events have the ledger's numbers, only they can be gone on after. */
    private void tell(OrganizationKey organization, Told told) {
        live.each(organization, channel -> {
            if (follow.isPresent() && channel.organization() != null) {
                channel.tellOnce(told.name(), told.about(), told.whole(), told.own());
            } else {
                channel.tell(told.name(), told.about(), told.whole(), told.own());
            }
        });
    }

    private void read(Set<States.Asking> asking) {
        follow.ifPresent(ledger -> live.channels()
                .forEach(channel -> ledger.read(
                        channel,
                        each -> asking.add(States.Asking.of(each.event().call())))));
    }

    private void tick() {
        tick++;
        if (live.overran()) {
            gap();
        }
        var channels = live.channels();
        if (channels.isEmpty()) {
            states.clear();
            return;
        }
        boolean due = tick % TICKS_PER_CHECK == 0;
        if (due) {
            // First, and whatever becomes of the store: who may not read any longer does not.
            check();
            live.retire(tick, TICKS_KEPT);
        }
        var asking = new LinkedHashSet<States.Asking>();
        read(asking);
        asking.stream().limit(looksMax).forEach(states::look);
        if (due) {
            states.lookAgain(looksMax);
        }
        wake();
    }

    private void check() {
        long ticks = Math.max(1, live.options().heartbeat().toMillis() / TICK_MILLIS / TICKS_PER_CHECK);
        boolean heartbeat = tick / TICKS_PER_CHECK % ticks == 0;
        live.channels().forEach(channel -> channel.streams().forEach(stream -> stream.check(heartbeat)));
    }

    /** Something that streams should have told is lost. */
    private void gap() {
        byte[] reason = Live.reason("overrun");
        live.channels().forEach(channel -> channel.tell("reset", About.EVERYBODY, reason, reason));
        wake();
    }

    private void wake() {
        live.channels().forEach(Channel::wake);
    }

    /** Ends all streams; to be done before a server waits for its requests to end. */
    @Override
    public void close() {
        live.close();
        stopped = true;
        try {
            thread.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
