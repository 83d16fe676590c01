package dev.quotary.server.metrics;

import dev.quotary.usage.Verdict;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers of one face of the server by status and verdict. On the path of every request: it finds its counters by index. */
final class AnswerCounts {
    private static final int STATUSES = 600;
    private static final String DECISION = "X-Quotary-Decision";
    private static final Map<String, Verdict> VERDICTS =
            Arrays.stream(Verdict.values()).collect(Collectors.toUnmodifiableMap(Verdict::key, verdict -> verdict));

    private final String face;
    private final LongAdder[] statuses =
            Stream.generate(LongAdder::new).limit(STATUSES).toArray(LongAdder[]::new);
    private final Map<Verdict, LongAdder> verdicts = new EnumMap<>(Verdict.class);

    AnswerCounts(String face) {
        this.face = face;
        for (var verdict : Verdict.values()) {
            verdicts.put(verdict, new LongAdder());
        }
    }

    void count(HttpServerResponse response) {
        int status = response.getStatusCode();
        if (status < STATUSES) {
            statuses[status].increment();
        }
        var word = response.headers().get(DECISION);
        var verdict = word == null ? null : verdict(word);
        if (verdict != null) {
            verdict.increment();
        }
    }

    private @Nullable LongAdder verdict(String word) {
        var verdict = VERDICTS.get(word);
        return verdict == null ? null : verdicts.get(verdict);
    }

    /** Statuses that have occurred. */
    void responses(CounterSnapshot.Builder snapshot) {
        for (int status = 0; status < STATUSES; status++) {
            long count = statuses[status].sum();
            if (count > 0) {
                snapshot.dataPoint(point("status", Integer.toString(status), count));
            }
        }
    }

    /** All verdicts: that there was none of a kind is worth knowing. */
    void decisions(CounterSnapshot.Builder snapshot) {
        verdicts.forEach((verdict, count) -> snapshot.dataPoint(point("verdict", verdict.key(), count.sum())));
    }

    private CounterDataPointSnapshot point(String label, String value, long count) {
        return CounterDataPointSnapshot.builder()
                .labels(Labels.of("face", face, label, value))
                .value((double) count)
                .build();
    }
}
