package dev.quotary.sql.admission;

import dev.quotary.limit.Hold;
import org.jspecify.annotations.Nullable;

/** One reservation as a transaction sees it. */
final class Entry {
    private final State before;
    private @Nullable Hold hold;
    private State state;
    private boolean changed;

    /** What a reservation is; the codes are those of the table. */
    enum State {
        /** Nothing is known of it. */
        NONE(0),
        /** It counts. */
        HELD(1),
        /** It counts no more, and is kept for a late commit. */
        EXPIRED(2),
        /** It was released or settled a short while ago. */
        CLOSED(3);

        private final int code;

        State(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static State of(int code) {
            for (var state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            throw new IllegalStateException("unknown state " + code + " of a reservation");
        }
    }

    private Entry(State state, @Nullable Hold hold) {
        this.before = state;
        this.state = state;
        this.hold = hold;
    }

    static Entry unknown() {
        return new Entry(State.NONE, null);
    }

    static Entry closed() {
        return new Entry(State.CLOSED, null);
    }

    /** The ledger has an event of this id: closed, without a row of ours. */
    static Entry recorded() {
        var entry = new Entry(State.NONE, null);
        entry.state = State.CLOSED;
        return entry;
    }

    static Entry read(State state, Hold hold) {
        return new Entry(state, hold);
    }

    /** Whether it was held when the transaction began, and so has charges that are counted. */
    boolean wasHeld() {
        return before == State.HELD;
    }

    State state() {
        return state;
    }

    /** The hold, live or expired; null if there is none (any more). */
    @Nullable Hold hold() {
        return hold;
    }

    boolean changed() {
        return changed;
    }

    void hold(Hold newer) {
        hold = newer;
        state = State.HELD;
        changed = true;
    }

    void expire() {
        state = State.EXPIRED;
        changed = true;
    }

    void close() {
        hold = null;
        state = State.CLOSED;
        changed = true;
    }

    /** The ledger knows its id from now on. */
    void drop() {
        hold = null;
        state = State.NONE;
        changed = true;
    }

    /** Whether there was a row of it; else there is nothing to be changed. */
    boolean existed() {
        return before != State.NONE;
    }
}
