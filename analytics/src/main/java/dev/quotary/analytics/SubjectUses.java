package dev.quotary.analytics;

import dev.quotary.call.OrganizationKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Port: everybody who used something. Safe for concurrent use; no method blocks its caller. A stage fails with {@link
 * dev.quotary.limit.StoreUnavailableException} if the store does not answer.
 */
public interface SubjectUses {
    /** What each subject used in a range, in no order; of more than {@link #SUBJECTS_MAX} those with most cost. */
    CompletionStage<List<SubjectUse>> used(OrganizationKey organization, Range range);

    /**
     * When the last events of some subjects were, those that are still kept.
     *
     * @param subjects at most {@link #LAST_MAX}
     */
    CompletionStage<Map<String, Instant>> lastEvents(OrganizationKey organization, Collection<String> subjects);

    /** Some hundred bytes each. */
    int SUBJECTS_MAX = 200_000;

    int LAST_MAX = 1_000;
}
