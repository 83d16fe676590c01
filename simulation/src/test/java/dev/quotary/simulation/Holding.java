package dev.quotary.simulation;

import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of one reservation: as the process has it, and as the journal may have it. */
final class Holding {
    /** Expired holds may be left out of the journal after this. */
    private static final Duration KEPT_LATE = Duration.ofHours(24);

    /** Live or expired; null if there is none. */
    @Nullable Hold hold;

    List<Charge> charges = List.of();

    /** Whether the process remembers that it was settled or released. */
    boolean closed;

    /** What the disk may have, oldest first; the last is what was written last. Empty for no hold. */
    private final List<Optional<Hold>> written = new ArrayList<>(List.of(Optional.empty()));

    /** Whether it is unknown if the last was written. */
    private boolean inDoubt;

    void held(Hold granted, List<Charge> on, boolean kept) {
        hold = granted;
        charges = on;
        closed = false;
        if (kept) {
            written.add(Optional.of(granted));
        }
    }

    /** @param noted whether that is in the journal */
    void closed(boolean noted) {
        hold = null;
        charges = List.of();
        closed = true;
        written.add(Optional.empty());
        inDoubt |= !noted;
    }

    /** The process died while this was written. */
    void mayHaveWritten(Optional<Hold> state) {
        written.add(state);
        inDoubt = true;
    }

    void synced() {
        var last = written.getLast();
        written.clear();
        written.add(last);
        inDoubt = false;
    }

    /** What may be found after the process died. */
    List<Optional<Hold>> possible(boolean powerLost, Instant now) {
        var possible = powerLost || inDoubt ? new ArrayList<>(written) : new ArrayList<>(List.of(written.getLast()));
        boolean droppable = written.stream()
                .flatMap(Optional::stream)
                .anyMatch(old -> old.expiresAt().plus(KEPT_LATE).isBefore(now));
        if (droppable) {
            possible.add(Optional.empty());
        }
        return possible;
    }

    /** A new process has found this. */
    void found(Optional<Hold> state, List<Charge> on, boolean allSynced) {
        hold = state.orElse(null);
        charges = on;
        closed = false;
        if (allSynced) {
            written.clear();
        }
        written.add(state);
        inDoubt = false;
    }

    boolean live(Instant now) {
        return hold != null && !hold.expired(now);
    }

    /** What it takes on a counter now. */
    long on(CounterKey counter, Instant now) {
        return live(now) ? on(counter, charges) : 0;
    }

    static long on(CounterKey counter, List<Charge> charges) {
        return charges.stream()
                .filter(charge -> charge.counter().equals(counter))
                .mapToLong(Charge::amount)
                .sum();
    }
}
