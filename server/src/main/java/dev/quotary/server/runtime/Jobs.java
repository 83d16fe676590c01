package dev.quotary.server.runtime;

import dev.quotary.api.SyncRecorder;
import dev.quotary.api.key.KeyUseKeeper;
import dev.quotary.catalog.AuditLog;
import dev.quotary.server.runtime.Repeating.Job;
import dev.quotary.server.runtime.Repeating.Pace;
import dev.quotary.usage.Reconciler;
import java.time.Duration;
import java.time.InstantSource;

/** What a server does beside answering, each on a thread of its own. */
final class Jobs {
    private static final Duration AUDIT_LOG_EVERY = Duration.ofMinutes(10);
    /** A day's worth of them is far less than what is forgotten in a day. */
    private static final int AUDIT_LINES_PER_STEP = 1_000;

    private static final Duration KEY_USES_EVERY = Duration.ofSeconds(60);
    /** Batches that other servers accepted and could not record, and those whose time has come. */
    private static final Duration SYNCS_EVERY = Duration.ofSeconds(1);

    private static final Duration RECONCILING_PAUSE_MIN = Duration.ofMillis(100);
    private static final Duration RECONCILING_PAUSE_MAX = Duration.ofSeconds(60);
    /** Its budget is one hundredth of its own time. */
    private static final long RECONCILING_PAUSES_PER_STEP = 99;

    private Jobs() {}

    /** Stores once a minute which keys were used, and once more when the server stops. */
    static Repeating keyUses(KeyUseKeeper keeper) {
        return Repeating.start(new Job("key-uses", keeper::step, keeper::step), Pace.every(KEY_USES_EVERY));
    }

    /** Forgets lines of the audit log that are older than they are kept, a bounded number each time. */
    static Repeating auditLog(AuditLog log, Duration kept, InstantSource clock) {
        return Repeating.start(
                Job.of("audit-log", () -> log.forget(clock.instant().minus(kept), AUDIT_LINES_PER_STEP)),
                Pace.every(AUDIT_LOG_EVERY));
    }

    /** Reconciles while the server runs, slowly. */
    static Repeating reconciling(Reconciler reconciler) {
        return Repeating.start(
                Job.of("reconciler", reconciler::step),
                new Pace(RECONCILING_PAUSE_MIN, RECONCILING_PAUSE_MAX, RECONCILING_PAUSES_PER_STEP));
    }

    /** Records batches that were accepted, as soon as they are and until they are. */
    static Repeating syncs(SyncRecorder recorder) {
        var repeating = Repeating.start(Job.of("syncs", recorder::step), Pace.every(SYNCS_EVERY));
        recorder.onAccepted(repeating::wake);
        return repeating;
    }
}
