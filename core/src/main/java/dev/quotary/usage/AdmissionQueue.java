package dev.quotary.usage;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Account;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limiter;
import dev.quotary.queue.Alarms;
import dev.quotary.queue.Attempt;
import dev.quotary.queue.Attempt.Asked;
import dev.quotary.queue.Attempt.NoRoom;
import dev.quotary.queue.Bounds;
import dev.quotary.queue.Place;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waited;
import dev.quotary.queue.Waited.Ending;
import dev.quotary.queue.Waiting;
import dev.quotary.queue.WaitingRoom;
import dev.quotary.time.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * Lets calls wait for limits whose action is {@code queue}.
 *
 * <p>A call asks {@link Admissions} first. If it is refused, and {@link #mayWait}, its face {@linkplain #enter lets it wait}; the queue
 * asks again whenever a counter that the call waits for gets room. Order, within an organization and per counter: plans of higher
 * priority first, then subjects in turn, then who came first. A call that comes while others wait for a counter that it would wait for
 * too is refused for now, although there may be room. Limits of other actions take no part in this: they have room, or refuse.
 *
 * <p>Safe for many threads; blocks none.
 */
public final class AdmissionQueue implements AutoCloseable {
    /** The turn of calls that nobody waits before. */
    static final Turn<CounterKey> FIRST = new Turn<>() {
        @Override
        public boolean behind(CounterKey resource) {
            return false;
        }

        @Override
        public long waitedMillis() {
            return 0;
        }
    };

    /** How often those who wait ask again by themselves, where others may make room without telling. */
    private static final Duration ASK_EVERY = Duration.ofMillis(50);

    private final WaitingRoom<OrganizationKey, CounterKey> room;
    private final InstantSource clock;
    private final boolean told;

    /**
     * A queue for the calls that a limiter decides on.
     *
     * @param clock says when windows end and holds expire, which nobody tells
     * @param executor runs repeated requests; may block; see {@link WaitingRoom}
     */
    public AdmissionQueue(Limiter limiter, InstantSource clock, Bounds bounds, Alarms alarms, Executor executor) {
        this.clock = clock;
        this.room = new WaitingRoom<>(bounds, alarms, executor, this::untilAskingAgain);
        this.told = limiter.tellRoom(counter -> {
            if (room.waiting() > 0) {
                room.freed(counter.organization(), resource(counter));
            }
        });
    }

    /** Where nobody may wait. */
    private AdmissionQueue() {
        this.clock = InstantSource.fixed(Instant.EPOCH);
        this.room = WaitingRoom.closedForever();
        this.told = true;
    }

    static AdmissionQueue none() {
        return new AdmissionQueue();
    }

    /** A call that asks for admission as often as it takes, one time after the other. */
    public interface Asking<T> {
        /** Asks once; may block. */
        T ask(Turn<CounterKey> turn);

        /** The engine's part of an answer. */
        Reserved reserved(T answer);

        /** What the call keeps in memory while it waits, as far as that is worth counting. */
        default long bytes() {
            return 0;
        }
    }

    /** Whether a call that was answered so may {@link #enter}. */
    public static boolean mayWait(Reserved reserved) {
        return reserved instanceof Reserved.Decided(Decision decision)
                && decision.queueing() instanceof Queueing.Possible;
    }

    /**
     * Lets a call wait.
     *
     * @param refused what it was answered first, which {@link #mayWait}
     */
    public <T> Waiting<T> enter(T refused, Asking<T> asking) {
        if (!(asking.reserved(refused) instanceof Reserved.Decided(Decision decision))
                || !(decision.queueing() instanceof Queueing.Possible(Duration waitMax))) {
            throw new IllegalArgumentException("a call that may not wait");
        }
        var account = decision.account();
        var place = new Place<>(account.organization().key(), party(account), priority(account), asking.bytes());
        var none = new NoRoom<CounterKey, T>(refused, lacking(decision), waitMax);
        return room.enter(place, none, turn -> asked(asking, asking.ask(turn)));
    }

    private static <T> Asked<CounterKey, T> asked(Asking<T> asking, T answer) {
        return asking.reserved(answer) instanceof Reserved.Decided(Decision decision)
                        && decision.queueing() instanceof Queueing.Possible(Duration waitMax)
                ? new NoRoom<>(answer, lacking(decision), waitMax)
                : new Attempt.Answered<>(answer);
    }

    private static Set<CounterKey> lacking(Decision decision) {
        return decision.violations().stream()
                .map(status -> resource(status.counter()))
                .collect(Collectors.toSet());
    }

    /** The answer to a call that waited, with what came of waiting; not for one that was sent away as the server stops. */
    public static Reserved told(Reserved reserved, Waited<?> waited) {
        if (!(reserved instanceof Reserved.Decided(Decision decision))
                || decision.verdict().allowed()) {
            return reserved;
        }
        return new Reserved.Decided(decision.with(
                waited.ending() == Ending.FULL ? new Queueing.Full() : new Queueing.Over(waited.millis())));
    }

    /** How many calls wait. */
    public int waiting() {
        return room.waiting();
    }

    /** Limits, plans or subjects have changed: there may be room where nobody told of any. */
    public void lookAgain() {
        room.lookAgain();
    }

    /** Sends away whoever waits, and lets nobody wait any more. */
    @Override
    public void close() {
        room.close();
    }

    /** What a call that has not waited may take. */
    Turn<CounterKey> newcomer(Account account) {
        if (room.waiting() == 0) {
            return FIRST;
        }
        var organization = account.organization().key();
        int priority = priority(account);
        return new Turn<>() {
            @Override
            public boolean behind(CounterKey resource) {
                return room.waitedFor(organization, resource, priority);
            }

            @Override
            public long waitedMillis() {
                return 0;
            }
        };
    }

    /** What calls wait for: a counter, whichever window comes. */
    static CounterKey resource(CounterKey counter) {
        return counter.in(Window.ENDLESS);
    }

    private static String party(Account account) {
        return account.subject() == null ? "" : account.subject().key().value();
    }

    private static int priority(Account account) {
        return account.plan() == null ? 0 : account.plan().priority();
    }

    /** Windows end and holds expire at whole seconds. */
    private Duration untilAskingAgain() {
        if (!told) {
            return ASK_EVERY;
        }
        var now = clock.instant();
        return Duration.between(now, Instant.ofEpochSecond(now.getEpochSecond() + 1));
    }
}
