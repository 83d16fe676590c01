package dev.quotary.sql.admission;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Hold;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gateway calls whose admission nobody heard of: the connection broke, or the caller had given up.
 *
 * <p>A client of the API asks again with the same id. A gateway call never does, and its hold would stand until it expires, for nothing. So
 * such holds are given back when the database answers again. Should the call have gone on unmetered meanwhile, its use is recorded all the
 * same: the ledger needs no hold.
 */
final class Doubts implements GroupDispatcher.Listener {
    static final GroupDispatcher.Listener NONE = new GroupDispatcher.Listener() {
        @Override
        public void unheard(Step<?> step, Object answer) {
            // Looking leaves nothing behind.
        }

        @Override
        public void unknown(Step<?> step) {
            // Looking leaves nothing behind.
        }

        @Override
        public void decided() {
            // Nothing is waiting for it.
        }
    };

    /** Kept at most; the oldest leave first, and their holds expire by themselves. */
    private static final int KEPT_MAX = 10_000;

    private static final int AT_ONCE_MAX = 100;

    private final Waiting deciding;
    /** Guarded by itself. */
    private final Map<HoldKey, Step.Reserve> kept = new LinkedHashMap<>();

    private volatile boolean any;

    Doubts(Waiting deciding) {
        this.deciding = deciding;
    }

    @Override
    public void unheard(Step<?> step, Object answer) {
        if (answer instanceof Admission.Granted) {
            unknown(step);
        }
    }

    @Override
    public void unknown(Step<?> step) {
        if (step instanceof Step.Reserve reserve && reserve.proposal().origin() == Hold.Origin.GATEWAY) {
            synchronized (kept) {
                kept.put(reserve.reservation(), reserve);
                if (kept.size() > KEPT_MAX) {
                    kept.remove(kept.keySet().iterator().next());
                }
                any = true;
            }
        }
    }

    @Override
    public void decided() {
        if (any) {
            take().forEach(this::release);
        }
    }

    private void release(Step.Reserve reserve) {
        var _ = deciding.submit(new Step.Release(reserve.reservation(), reserve.now()))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        unknown(reserve);
                    }
                });
    }

    private List<Step.Reserve> take() {
        synchronized (kept) {
            var some = kept.values().stream().limit(AT_ONCE_MAX).toList();
            some.forEach(reserve -> kept.remove(reserve.reservation()));
            any = !kept.isEmpty();
            return new ArrayList<>(some);
        }
    }
}
