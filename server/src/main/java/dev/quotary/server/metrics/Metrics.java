package dev.quotary.server.metrics;

import dev.quotary.ledger.Difference;
import dev.quotary.ledger.SpotChecks.Checked;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.sql.StoreObserver;
import dev.quotary.usage.Reconciler;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Everything that is counted while the server runs. Labels name neither subjects nor keys nor organizations, and their values are
 * bounded. What is told here costs an addition or two; the text is made when somebody asks for it.
 */
public final class Metrics implements StoreObserver, Reconciler.Observer {
    private static final String OTHER = "other";
    private static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");

    private final InstantSource clock;
    private final Set<String> providers;
    private final Map<Face, AnswerCounts> answers = new EnumMap<>(Face.class);
    private final CountersBy events = new CountersBy(
            "quotary_events_recorded",
            "Usage events made durable, by provider and how the call ended.",
            "provider",
            "outcome");
    private final CountersBy appends =
            new CountersBy("quotary_ledger_appends", "Batches of events given to the ledger.", "result");
    private final CountersBy transactions =
            new CountersBy("quotary_ledger_transactions", "Transactions of the writing thread.", "result");
    private final LongAdder transactionRows = new LongAdder();
    private final LatencyHistogram appendLatency = new LatencyHistogram();
    private final LatencyHistogram transactionLatency = new LatencyHistogram();
    private final CountersBy driftFound = new CountersBy(
            "quotary_drift_found", "Differences that the reconciler met, each time it met them.", "what");
    private final CountersBy driftRepaired =
            new CountersBy("quotary_drift_repaired", "Counters that the reconciler set right.", "what");
    private final CountersBy compared =
            new CountersBy("quotary_reconciler_checks", "What the reconciler has compared, or left out.", "what");
    private volatile Instant reconciledUntil;

    /** @param providers that are configured; events of others are counted together */
    public Metrics(InstantSource clock, Set<String> providers) {
        this.clock = clock;
        this.providers = Set.copyOf(providers);
        this.reconciledUntil = clock.instant();
        for (var face : Face.values()) {
            answers.put(face, new AnswerCounts(face.label));
        }
    }

    /** A part of the server that answers requests. */
    public enum Face {
        GATEWAY,
        API;

        private final String label = name().toLowerCase(Locale.ROOT);
    }

    /**
     * Counts an answer when its head goes out. Of the API it also tells how long the answer took; in the gateway the provider's time would be
     * part of that.
     */
    public void watch(Face face, HttpServerResponse response) {
        var counts = answers(face);
        switch (face) {
            case GATEWAY -> response.headersEndHandler(_ -> counts.count(response));
            case API -> {
                long begun = System.nanoTime();
                response.headersEndHandler(_ -> {
                    counts.count(response);
                    response.headers().add(SERVER_TIMING, timing(System.nanoTime() - begun));
                });
            }
        }
    }

    /** In milliseconds with three decimals, as the header has it. */
    static String timing(long nanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        long fraction = micros % 1_000;
        return "quotary;dur=" + micros / 1_000 + (fraction < 10 ? ".00" : fraction < 100 ? ".0" : ".") + fraction;
    }

    private AnswerCounts answers(Face face) {
        return Objects.requireNonNull(answers.get(face), "every face has its counts");
    }

    private CounterSnapshot responses() {
        var snapshot = CounterSnapshot.builder()
                .name("quotary_http_responses")
                .help("Answers by face of the server and status.");
        answers.values().forEach(counts -> counts.responses(snapshot));
        return snapshot.build();
    }

    private CounterSnapshot decisions() {
        var snapshot = CounterSnapshot.builder()
                .name("quotary_decisions")
                .help("Decisions on calls and reservations, checks included.");
        answers.values().forEach(counts -> counts.decisions(snapshot));
        return snapshot.build();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void appended(long nanosTaken, boolean durable) {
        appends.of(durable ? "durable" : "failed").increment();
        appendLatency.record(nanosTaken);
    }

    @Override
    public void recorded(UsageEvent event) {
        var provider = event.call().dimensions().provider();
        var label = provider == null ? "none" : providers.contains(provider) ? provider : OTHER;
        events.of(label, event.result().outcome().key()).increment();
    }

    @Override
    public void committed(int rows, long nanosTaken) {
        transactions.of("committed").increment();
        transactionRows.add(rows);
        transactionLatency.record(nanosTaken);
    }

    @Override
    public void failed() {
        transactions.of("failed").increment();
    }

    @Override
    public void found(Difference difference) {
        driftFound.of(word(difference)).increment();
    }

    @Override
    public void repaired(Difference.OfCounter difference) {
        driftRepaired.of(word(difference)).increment();
    }

    private static String word(Difference difference) {
        return switch (difference) {
            case Difference.OfRollup _ -> "rollup";
            case Difference.OfMeter _ -> "meter";
            case Difference.OfSum _ -> "window_sum";
            case Difference.OfLevelTime _ -> "level_time";
            case Difference.OfCounter _ -> "counter";
        };
    }

    @Override
    public void compared(int counterCount) {
        compared.of("counter").add(counterCount);
    }

    @Override
    public void checked(Checked outcome) {
        compared.of(outcome.name().toLowerCase(Locale.ROOT)).increment();
    }

    @Override
    public void passed(Instant begun) {
        reconciledUntil = begun;
    }

    List<MetricSnapshot> snapshots() {
        return List.of(
                responses(),
                decisions(),
                events.snapshot(),
                appends.snapshot(),
                transactions.snapshot(),
                Snapshots.counter(
                        "quotary_ledger_transaction_rows", "Rows written in transactions.", transactionRows.sum()),
                Snapshots.histogram(
                        "quotary_ledger_append_seconds",
                        "From giving a batch to the ledger to its answer.",
                        appendLatency),
                Snapshots.histogram(
                        "quotary_ledger_transaction_seconds", "Writing and syncing a transaction.", transactionLatency),
                driftFound.snapshot(),
                driftRepaired.snapshot(),
                compared.snapshot(),
                Snapshots.level(
                        "quotary_reconciler_lag_seconds",
                        "Age of the oldest state that everything has been compared in.",
                        Duration.between(reconciledUntil, clock.instant()).toMillis() / 1e3));
    }
}
