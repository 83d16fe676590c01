package dev.quotary.server.runtime;

import dev.quotary.server.metrics.Snapshots;
import dev.quotary.sql.ServerLease;
import dev.quotary.sql.admission.PostgresLimiter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** What only some ways of deciding have to show. */
@FunctionalInterface
interface StoreFigures {
    StoreFigures NONE = List::of;

    List<MetricSnapshot> now();

    static StoreFigures of(ServerLease lease) {
        return () -> List.of(Snapshots.gauge(
                "quotary_lease_held",
                "1 while this server has the lease of its database and decides; 0 otherwise.",
                lease.state() == ServerLease.State.HELD ? 1 : 0));
    }

    static StoreFigures of(PostgresLimiter limiter) {
        return () -> {
            var counts = limiter.counts();
            return List.of(
                    Snapshots.counter(
                            "quotary_admission_decisions",
                            "Steps decided or looked up in the database.",
                            counts.decisions()),
                    Snapshots.counter(
                            "quotary_admission_transactions", "Transactions that they shared.", counts.transactions()),
                    Snapshots.counter(
                            "quotary_admission_transactions_repeated",
                            "Transactions that the database gave up and that were tried again.",
                            counts.repeated()),
                    Snapshots.counter(
                            "quotary_admission_transactions_failed",
                            "Transactions that the database did not answer.",
                            counts.failed()),
                    Snapshots.gauge("quotary_admission_waiting", "Steps that wait to be decided.", counts.waiting()));
        };
    }
}
