package dev.quotary.api;

import dev.quotary.analytics.Analytics;
import dev.quotary.api.live.Live;
import dev.quotary.catalog.AuditLog;
import dev.quotary.ledger.Corrections;
import dev.quotary.limit.Limiter;
import dev.quotary.sync.Syncs;
import dev.quotary.usage.CounterPages;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the API runs on.
 *
 * @param blocking runs what may block; a virtual thread each
 * @param ready whether the server can do its work now; must not block
 * @param counters compares what is decided by with what is recorded; empty where the counters lie in the store itself
 * @param corrections of costs after the fact; empty where the ledger makes none
 * @param auditLog who changed what; empty where the store keeps none
 * @param live what happens, for streams; empty where nobody tells
 * @param trials give limiters in memory for simulations; empty where nothing is simulated
 * @param analytics answers questions about use; empty where the store answers none
 * @param reported what is read of reported events; empty where the store does not show it
 * @param syncs batches that are accepted first and recorded afterwards; empty where the store keeps none
 */
public record ApiRuntime(
        InstantSource clock,
        Executor blocking,
        BooleanSupplier ready,
        ApiOptions options,
        Optional<CounterPages> counters,
        Optional<Corrections> corrections,
        Optional<AuditLog> auditLog,
        Optional<Live> live,
        Optional<Supplier<Limiter>> trials,
        Optional<Analytics> analytics,
        Optional<Reported> reported,
        Optional<Syncs> syncs) {
    public ApiRuntime(InstantSource clock, Executor blocking, BooleanSupplier ready, ApiOptions options) {
        this(
                clock,
                blocking,
                ready,
                options,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public ApiRuntime with(CounterPages audit) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                Optional.of(audit),
                corrections,
                auditLog,
                live,
                trials,
                analytics,
                reported,
                syncs);
    }

    public ApiRuntime with(Corrections ledger) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                counters,
                Optional.of(ledger),
                auditLog,
                live,
                trials,
                analytics,
                reported,
                syncs);
    }

    public ApiRuntime with(AuditLog log) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                counters,
                corrections,
                Optional.of(log),
                live,
                trials,
                analytics,
                reported,
                syncs);
    }

    public ApiRuntime with(Live streams) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                counters,
                corrections,
                auditLog,
                Optional.of(streams),
                trials,
                analytics,
                reported,
                syncs);
    }

    public ApiRuntime simulatingWith(Supplier<Limiter> limiters) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                counters,
                corrections,
                auditLog,
                live,
                Optional.of(limiters),
                analytics,
                reported,
                syncs);
    }

    public ApiRuntime with(Analytics answering) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                counters,
                corrections,
                auditLog,
                live,
                trials,
                Optional.of(answering),
                reported,
                syncs);
    }

    public ApiRuntime with(Reported events) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                counters,
                corrections,
                auditLog,
                live,
                trials,
                analytics,
                Optional.of(events),
                syncs);
    }

    public ApiRuntime with(Syncs batches) {
        return new ApiRuntime(
                clock,
                blocking,
                ready,
                options,
                counters,
                corrections,
                auditLog,
                live,
                trials,
                analytics,
                reported,
                Optional.of(batches));
    }
}
