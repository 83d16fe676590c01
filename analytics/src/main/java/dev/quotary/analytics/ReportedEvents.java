package dev.quotary.analytics;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.UsageEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Port: shows events that were reported as CloudEvents. Safe for concurrent use; no method blocks its caller. A stage fails with {@link
 * dev.quotary.limit.StoreUnavailableException} if the store does not answer.
 */
public interface ReportedEvents {
    /** The newest events by their time, among the newest {@link #LOOKED_AT_MAX} of the range. */
    CompletionStage<List<UsageEvent>> newest(Query query);

    int COUNT_MAX = 100;
    int LOOKED_AT_MAX = 100_000;

    /**
     * Which events.
     *
     * @param range of the events' own times
     * @param received when they came in; empty for whenever
     * @param name the {@code id} of the CloudEvent; empty for all
     * @param count how many at most, 1 to {@link #COUNT_MAX}
     */
    record Query(
            OrganizationKey organization,
            Range range,
            Optional<Range> received,
            Optional<SubjectKey> subject,
            Optional<String> name,
            int count) {
        public Query {
            if (count < 1 || count > COUNT_MAX) {
                throw new IllegalArgumentException("expected 1.." + COUNT_MAX + " events, was " + count);
            }
        }
    }
}
