package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.CounterKey;
import dev.quotary.simulation.Truth.Standing;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Rebinding;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * When the grace of each counter began: with the first call that was seen to pass beyond the maximum. Where that cannot be told, as the use
 * of the counter is being counted anew, it may have been this call or none; the next answer that shows the counter says which.
 *
 * <p>A process that starts takes over what the ledger has noted by then, which may be less than what the last process knew.
 */
final class TrueGraces {
    private static final Set<Optional<Instant>> NONE = Set.of(Optional.empty());

    private final GroupLedger.Storage storage;
    private final Map<CounterKey, Set<Optional<Instant>>> possible = new HashMap<>();
    private int setBacks;

    TrueGraces(GroupLedger.Storage storage) {
        this.storage = storage;
    }

    /**
     * Takes in which counters were set back, which ends their grace; unless its beginning is still on its way to the ledger, where it then
     * comes after the reset. The next answer that shows the counter says which.
     */
    void read() {
        var all = storage.setBacks();
        for (; setBacks < all.size(); setBacks++) {
            var counter = all.get(setBacks).counter();
            var after = new LinkedHashSet<>(states(counter));
            after.addAll(NONE);
            possible.put(counter, after);
        }
    }

    /** Since when; empty if it has not begun or nobody knows. */
    Optional<Instant> since(CounterKey counter) {
        var states = states(counter);
        return states.size() == 1 ? states.iterator().next() : Optional.empty();
    }

    boolean known(CounterKey counter) {
        return states(counter).size() == 1;
    }

    private Set<Optional<Instant>> states(CounterKey counter) {
        return possible.getOrDefault(counter, NONE);
    }

    /**
     * A call was granted.
     *
     * @param beyond whether it takes this counter beyond a maximum with grace
     * @param sure whether that is known
     */
    void granted(CounterKey counter, boolean beyond, boolean sure, Instant now) {
        if (!beyond && sure) {
            return;
        }
        var after = new LinkedHashSet<Optional<Instant>>();
        for (var state : states(counter)) {
            if (state.isPresent()) {
                after.add(state);
            } else {
                after.add(Optional.of(now));
                if (!sure) {
                    after.add(state);
                }
            }
        }
        possible.put(counter, after);
    }

    /** An answer shows since when it believes that each grace has run. Of a window that has ended nobody need know. */
    void shown(Decision decision, List<Standing> standings, Instant now) {
        for (var standing : standings) {
            if (standing.rule().graced() && standing.counter().window().end().isAfter(now)) {
                var counter = standing.counter();
                decision.limits().stream()
                        .filter(status -> status.counter().equals(counter)
                                && status.limit()
                                        .key()
                                        .value()
                                        .equals(standing.rule().key()))
                        .forEach(status -> {
                            var believed = Optional.ofNullable(status.past().exceededAt());
                            assertThat(states(counter))
                                    .as("a grace begins with the first call beyond the maximum, on %s", counter)
                                    .contains(believed);
                            possible.put(counter, Set.of(believed));
                        });
            }
        }
    }

    /** A new process goes by what is noted. */
    void restarted(ServerProcess process) {
        possible.clear();
        var rebinding = new Rebinding(process.catalog());
        process.ledger().openSums(process.now(), sum -> {
            var since = sum.exceededAt();
            if (since != null) {
                rebinding.counter(sum).ifPresent(counter -> possible.put(counter, Set.of(Optional.of(since))));
            }
        });
    }
}
