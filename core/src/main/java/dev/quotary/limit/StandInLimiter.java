package dev.quotary.limit;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A limiter in a store, and one in this process that stands in for it while it does not answer.
 *
 * <p>Everything is decided in the store. From its answers this process remembers how counters stood last, and where a limit lets calls pass
 * without the store ({@link #reserveUnkept}), the stand-in decides by that: with what was taken then, by whomever, and with what it has
 * admitted itself since. Others do the same meanwhile, so that a limit can be passed while the store is away; the operator has chosen that.
 * What the stand-in holds is settled like everything else, by the ledger, once that answers again.
 *
 * <p>Safe for many threads.
 */
public final class StandInLimiter implements RecoverableLimiter {
    private final Limiter store;
    private final RecoverableLimiter standIn;
    private final Map<CounterKey, Long> takenLast;

    /**
     * @param standIn keeps its holds for as long as they matter, also when this process dies
     * @param countersMax counters remembered at most; those longest not asked for are forgotten first, and stand at 0 then
     */
    public StandInLimiter(Limiter store, RecoverableLimiter standIn, int countersMax) {
        this.store = store;
        this.standIn = standIn;
        this.takenLast = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<CounterKey, Long> eldest) {
                return size() > countersMax;
            }
        };
    }

    @Override
    public boolean immediate() {
        return store.immediate();
    }

    @Override
    public Admission reserve(Hold proposal, Instant now) {
        return remembered(proposal, store.reserve(proposal, now));
    }

    @Override
    public Admission reserve(Hold proposal, Instant now, long declared) {
        return remembered(proposal, store.reserve(proposal, now, declared));
    }

    /** Decides by how things stood last; empty never. */
    @Override
    public Optional<Admission> reserveUnkept(Hold proposal, Instant now) {
        for (var charge : proposal.charges()) {
            standIn.correct(charge.counter(), taken(charge.counter()));
        }
        return Optional.of(standIn.reserve(proposal, now));
    }

    @Override
    public Admission extend(Hold larger, Instant now) {
        return standsIn(larger.call().organization(), larger.id(), now)
                ? standIn.extend(larger, now)
                : remembered(larger, store.extend(larger, now));
    }

    @Override
    public Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now) {
        return standsIn(organization, id, now)
                ? standIn.release(organization, id, now)
                : store.release(organization, id, now);
    }

    @Override
    public Optional<Hold> find(OrganizationKey organization, ReservationId id, Instant now) {
        var unkept = standIn.find(organization, id, now);
        return unkept.isPresent() ? unkept : store.find(organization, id, now);
    }

    /** The ledger has recorded something: in the store that has happened already, in the same transaction. */
    @Override
    public void settle(OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now) {
        standIn.settle(organization, id, List.of(), now);
    }

    /** The ledger's sums are what the store decides by: there is nothing to be told. */
    @Override
    public void correct(CounterKey counter, long used) {
        // What is remembered of the counter is renewed by the next answer.
    }

    /** That a grace has begun, the store noted itself when it granted; that a reset takes it back, it must be told. */
    @Override
    public void exceeded(CounterKey counter, @Nullable Instant at) {
        if (at == null) {
            store.exceeded(counter, null);
        }
    }

    @Override
    public Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
        var levels = store.levels(organization, counters, now);
        for (int i = 0; i < counters.size(); i++) {
            remember(counters.get(i), levels, i);
        }
        return levels;
    }

    /** What the stand-in admitted; the store looks after its own. */
    @Override
    public List<Hold> openHolds() {
        return standIn.openHolds();
    }

    @Override
    public void restore(Hold hold, Instant now) {
        standIn.restore(hold, now);
    }

    private boolean standsIn(OrganizationKey organization, ReservationId id, Instant now) {
        return standIn.find(organization, id, now).isPresent();
    }

    private Admission remembered(Hold asked, Admission admission) {
        var levels = switch (admission) {
            case Admission.Granted granted -> granted.levels();
            case Admission.Denied denied -> denied.levels();
            case Admission.Mismatch _, Admission.Closed _ -> null;
        };
        var charges =
                admission instanceof Admission.Granted granted ? granted.hold().charges() : asked.charges();
        remember(charges, levels);
        return admission;
    }

    private void remember(List<Charge> charges, @Nullable Levels levels) {
        for (int i = 0; levels != null && i < charges.size(); i++) {
            remember(charges.get(i).counter(), levels, i);
        }
    }

    private void remember(CounterKey counter, Levels levels, int index) {
        long used = levels.used(index);
        long held = levels.held(index);
        long taken = used > Long.MAX_VALUE - held ? Long.MAX_VALUE : used + held;
        synchronized (takenLast) {
            takenLast.put(counter, taken);
        }
    }

    private long taken(CounterKey counter) {
        synchronized (takenLast) {
            return takenLast.getOrDefault(counter, 0L);
        }
    }
}
