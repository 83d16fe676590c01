package dev.quotary.server.runtime;

import dev.quotary.api.SyncRecorder;
import dev.quotary.server.metrics.Snapshots;
import dev.quotary.sync.SyncState.Kind;
import dev.quotary.usage.AdmissionQueue;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of the stores is read when somebody asks for metrics. */
final class Gauges {
    private Gauges() {}

    static List<MetricSnapshot> of(Stores stores, AdmissionQueue queue, Optional<SyncRecorder> syncs) {
        var counts = stores.memory().counts();
        var snapshots = new ArrayList<MetricSnapshot>(List.of(
                Snapshots.gauge("quotary_counters", "Counters in memory.", counts.counters()),
                Snapshots.gauge("quotary_holds_live", "Reservations and calls that hold now.", counts.holds()),
                Snapshots.gauge("quotary_calls_waiting", "Calls that wait for room.", queue.waiting()),
                Snapshots.counter("quotary_holds_expired", "Holds that expired unsettled.", counts.expirations()),
                Snapshots.counter(
                        "quotary_journal_failures",
                        "Holds that could not be written to the journal.",
                        stores.memory().failures()),
                Snapshots.gauge(
                        "quotary_ledger_queue_rows",
                        "Rows that wait to be written or are being written.",
                        stores.database().rowsWaiting())));
        snapshots.addAll(stores.figures().now());
        syncs.ifPresent(recorder -> snapshots.addAll(of(recorder.counts())));
        return snapshots;
    }

    private static List<MetricSnapshot> of(Map<Kind, Long> syncs) {
        return List.of(
                Snapshots.gauge(
                        "quotary_syncs_pending",
                        "Batches of usage that are accepted and not recorded yet.",
                        syncs.getOrDefault(Kind.PENDING, 0L)),
                Snapshots.gauge(
                        "quotary_syncs_parked",
                        "Batches of usage that wait for somebody to resume them.",
                        syncs.getOrDefault(Kind.PARKED, 0L)));
    }
}
