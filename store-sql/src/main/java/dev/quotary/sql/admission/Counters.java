package dev.quotary.sql.admission;

import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Past;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Slices;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The counters that a transaction has read: a {@link Cell} for each row, and for each sliding window the sums over its slices, which are
 * rows too.
 */
final class Counters {
    private final Map<CounterKey, Cell> cells = new HashMap<>();
    private final Map<CounterKey, Slices> sliding = new HashMap<>();

    Map<CounterKey, Cell> cells() {
        return cells;
    }

    boolean has(CounterKey counter) {
        return cells.containsKey(counter);
    }

    /** A row, or that there is none. */
    void read(CounterKey counter, Cell cell) {
        cells.put(counter, cell);
    }

    /**
     * Sums a sliding window up over its slices that were read.
     *
     * @param whole the window as a whole
     */
    void sum(CounterKey whole, Iterable<CounterKey> slices, Instant now) {
        var sums = new Slices((WindowSpec.Sliding) whole.counted().window());
        sums.roll(now);
        for (var slice : slices) {
            var cell = cell(slice);
            sums.use(slice.window().start(), cell.used());
            sums.hold(slice.window().start(), cell.held());
        }
        sliding.put(whole, sums);
    }

    Cell cell(CounterKey counter) {
        return Objects.requireNonNull(cells.get(counter), "a counter that was not read");
    }

    private @Nullable Slices slices(CounterKey counter) {
        return counter.counted().window() instanceof WindowSpec.Sliding ? sliding.get(counter.whole()) : null;
    }

    boolean allFit(List<Charge> charges, Instant now) {
        for (var charge : charges) {
            var counter = charge.counter();
            if (!fits(charge, used(counter), held(counter), past(counter), now)) {
                return false;
            }
        }
        return true;
    }

    /**
     * As {@link #allFit}, beside levels that were looked up. Room is needed for what is held more than before: a hold that only lasts longer
     * stays, though use has passed the maximum.
     */
    static boolean moreFits(Hold larger, Hold old, Levels levels, Instant now) {
        for (int i = 0; i < levels.size(); i++) {
            var charge = larger.charges().get(i);
            boolean more = charge.amount() > amountOn(charge.counter(), old);
            if (more && !fits(charge, levels.used(i), levels.held(i), levels.past(i), now)) {
                return false;
            }
        }
        return true;
    }

    /** What is held must stay countable even where no maximum bounds it. */
    private static boolean fits(Charge charge, long used, long held, Past past, Instant now) {
        return charge.fits(used, held, past, now) && charge.amount() <= Long.MAX_VALUE - held;
    }

    private static long amountOn(CounterKey counter, Hold hold) {
        for (var charge : hold.charges()) {
            if (charge.counter().equals(counter)) {
                return charge.amount();
            }
        }
        return 0;
    }

    /** Before the charges are taken: which of them pass beyond a maximum with grace for the first time. */
    void beginGraces(List<Charge> charges, Instant now) {
        for (var charge : charges) {
            var counter = charge.counter();
            if (!charge.leeways().isEmpty() && charge.beginsGrace(used(counter), held(counter), past(counter))) {
                cell(counter).exceeded(now);
            }
        }
    }

    void take(Hold hold) {
        for (var charge : hold.charges()) {
            var slices = slices(charge.counter());
            cell(charge.counter()).hold(charge.amount());
            if (slices != null) {
                slices.hold(charge.counter().window().start(), charge.amount());
            }
        }
    }

    void free(Hold hold) {
        for (var charge : hold.charges()) {
            var slices = slices(charge.counter());
            cell(charge.counter()).free(charge.counter(), charge.amount());
            if (slices != null) {
                slices.free(charge.counter().window().start(), charge.amount());
            }
        }
    }

    void post(Posting posting) {
        var cell = cell(posting.counter());
        if (posting.level()) {
            cell.set(posting.amount());
        } else {
            cell.use(posting.amount());
        }
        var slices = slices(posting.counter());
        if (slices != null) {
            slices.use(posting.counter().window().start(), cell.used());
        }
    }

    private long used(CounterKey counter) {
        var slices = slices(counter);
        return slices == null ? cell(counter).used() : slices.used();
    }

    private long held(CounterKey counter) {
        var slices = slices(counter);
        return slices == null ? cell(counter).held() : slices.held();
    }

    private Past past(CounterKey counter) {
        var slices = slices(counter);
        var previous = counter.previous();
        var exceededAt = cell(counter).exceededAt();
        if (slices == null && previous == null && exceededAt == null) {
            return Past.NONE;
        }
        return new Past(
                previous == null ? 0 : cell(previous).taken(), exceededAt, slices == null ? null : slices.freesAt());
    }

    Levels levels(List<CounterKey> counters) {
        return levels(counters, false);
    }

    /** As {@link #levels(List)}, but of sliding windows the fullest stretch over each slice. */
    Levels fullest(List<CounterKey> counters) {
        return levels(counters, true);
    }

    private Levels levels(List<CounterKey> counters, boolean fullest) {
        long[] used = new long[counters.size()];
        long[] held = new long[counters.size()];
        var past = new @Nullable Past[counters.size()];
        for (int i = 0; i < used.length; i++) {
            var counter = counters.get(i);
            var slices = slices(counter);
            if (slices != null && fullest) {
                var peak = slices.peak(counter.window().start());
                used[i] = peak.used();
                held[i] = peak.held();
            } else {
                used[i] = used(counter);
                held[i] = held(counter);
            }
            past[i] = past(counter);
        }
        return new Levels(used, held, past);
    }
}
