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

/** What the API runs on. Does not change: each {@code with} gives another one, which has more. */
public final class ApiRuntime {
    private final InstantSource clock;
    private final Executor blocking;
    private final BooleanSupplier ready;
    private final ApiOptions options;
    private Optional<CounterPages> counters = Optional.empty();
    private Optional<Corrections> corrections = Optional.empty();
    private Optional<AuditLog> auditLog = Optional.empty();
    private Optional<Live> live = Optional.empty();
    private Optional<Supplier<Limiter>> trials = Optional.empty();
    private Optional<Analytics> analytics = Optional.empty();
    private Optional<Reported> reported = Optional.empty();
    private Optional<Syncs> syncs = Optional.empty();

    /**
     * @param blocking runs what may block; a virtual thread each
     * @param ready whether the server can do its work now; must not block
     */
    public ApiRuntime(InstantSource clock, Executor blocking, BooleanSupplier ready, ApiOptions options) {
        this.clock = clock;
        this.blocking = blocking;
        this.ready = ready;
        this.options = options;
    }

    /** A copy, to be changed before anybody else sees it. */
    private ApiRuntime copy() {
        var copy = new ApiRuntime(clock, blocking, ready, options);
        copy.counters = counters;
        copy.corrections = corrections;
        copy.auditLog = auditLog;
        copy.live = live;
        copy.trials = trials;
        copy.analytics = analytics;
        copy.reported = reported;
        copy.syncs = syncs;
        return copy;
    }

    public ApiRuntime with(CounterPages audit) {
        var copy = copy();
        copy.counters = Optional.of(audit);
        return copy;
    }

    public ApiRuntime with(Corrections ledger) {
        var copy = copy();
        copy.corrections = Optional.of(ledger);
        return copy;
    }

    public ApiRuntime with(AuditLog log) {
        var copy = copy();
        copy.auditLog = Optional.of(log);
        return copy;
    }

    public ApiRuntime with(Live streams) {
        var copy = copy();
        copy.live = Optional.of(streams);
        return copy;
    }

    public ApiRuntime simulatingWith(Supplier<Limiter> limiters) {
        var copy = copy();
        copy.trials = Optional.of(limiters);
        return copy;
    }

    public ApiRuntime with(Analytics answering) {
        var copy = copy();
        copy.analytics = Optional.of(answering);
        return copy;
    }

    public ApiRuntime with(Reported events) {
        var copy = copy();
        copy.reported = Optional.of(events);
        return copy;
    }

    public ApiRuntime with(Syncs batches) {
        var copy = copy();
        copy.syncs = Optional.of(batches);
        return copy;
    }

    InstantSource clock() {
        return clock;
    }

    Executor blocking() {
        return blocking;
    }

    BooleanSupplier ready() {
        return ready;
    }

    ApiOptions options() {
        return options;
    }

    /** Compares what is decided by with what is recorded; empty where the counters lie in the store itself. */
    Optional<CounterPages> counters() {
        return counters;
    }

    /** Of costs after the fact; empty where the ledger makes none. */
    Optional<Corrections> corrections() {
        return corrections;
    }

    /** Who changed what; empty where the store keeps none. */
    Optional<AuditLog> auditLog() {
        return auditLog;
    }

    /** What happens, for streams; empty where nobody tells. */
    Optional<Live> live() {
        return live;
    }

    /** Give limiters in memory for simulations; empty where nothing is simulated. */
    Optional<Supplier<Limiter>> trials() {
        return trials;
    }

    /** Answers questions about use; empty where the store answers none. */
    Optional<Analytics> analytics() {
        return analytics;
    }

    /** What is read of reported events; empty where the store does not show it. */
    Optional<Reported> reported() {
        return reported;
    }

    /** Batches that are accepted first and recorded afterwards; empty where the store keeps none. */
    Optional<Syncs> syncs() {
        return syncs;
    }
}
