package dev.quotary.server.runtime;

import dev.quotary.ledger.Difference;
import dev.quotary.ledger.SpotChecks.Checked;
import dev.quotary.server.metrics.Metrics;
import dev.quotary.usage.Reconciler;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the reconciler finds, and logs the first of each pass. For the reconciler's thread. */
final class DriftLog implements Reconciler.Observer {
    private static final int LOGGED_MAX = 10;
    private static final Logger LOG = LoggerFactory.getLogger(DriftLog.class);

    private final Metrics metrics;
    private int logged;

    DriftLog(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void found(Difference difference) {
        metrics.found(difference);
        if (logged++ < LOGGED_MAX) {
            LOG.atError()
                    .addKeyValue("difference", difference)
                    .log("what is derived from the ledger differs from it; 'quotary verify-ledger' tells everything");
        }
    }

    @Override
    public void repaired(Difference.OfCounter difference) {
        metrics.repaired(difference);
        LOG.atWarn().addKeyValue("counter", difference).log("a counter was set to what the ledger says");
    }

    @Override
    public void compared(int counterCount) {
        metrics.compared(counterCount);
    }

    @Override
    public void checked(Checked outcome) {
        metrics.checked(outcome);
    }

    @Override
    public void passed(Instant begun) {
        metrics.passed(begun);
        logged = 0;
    }
}
