package dev.quotary.gateway.upstream;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whose turn it is. Safe for many threads; two that ask at once may be given the same one where the fewest calls decide. */
final class Rotation {
    private final Choice choice;
    private final AtomicInteger turns = new AtomicInteger();

    Rotation(Choice choice) {
        this.choice = choice;
    }

    /**
     * The next one that is ready.
     *
     * @param tried are taken only where nothing else is ready
     * @return null if none is ready
     */
    <C extends Candidate> @Nullable C next(List<C> candidates, List<? extends Candidate> tried, Instant now) {
        int size = candidates.size();
        int first = Math.floorMod(turns.getAndIncrement(), size);
        C best = null;
        boolean bestTried = false;
        for (int i = 0; i < size; i++) {
            var candidate = candidates.get((first + i) % size);
            if (!candidate.ready(now)) {
                continue;
            }
            boolean isTried = tried.contains(candidate);
            if (best == null || (bestTried && !isTried) || (bestTried == isTried && fewer(candidate, best))) {
                best = candidate;
                bestTried = isTried;
            }
        }
        return best;
    }

    private boolean fewer(Candidate one, Candidate other) {
        return choice == Choice.LEAST_IN_FLIGHT && one.running() < other.running();
    }
}
