package dev.quotary.analytics.simulate;

import dev.quotary.call.SubjectKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What would have come of history.
 *
 * @param total of everybody
 * @param subjects those who would have met a limit, most refusals first, then most warnings; at most as many as were asked for
 * @param subjectsAffected how many there are in all
 */
public record Replayed(Sum total, List<BySubject> subjects, long subjectsAffected) {
    public Replayed {
        subjects = List.copyOf(subjects);
    }

    /**
     * Calls and costs, in US dollars.
     *
     * @param refused by a limit
     * @param wouldWait refused at that moment by limits that let calls wait; what came of waiting is not known
     * @param throttled let pass after a delay
     * @param warned let pass with a warning
     * @param rejected for another reason: subject blocked or not taken, model without a price
     * @param costReal what they did cost, as of now
     * @param cost what all of them would have cost
     * @param costAdmitted what those let pass would have cost
     */
    public record Sum(
            long calls,
            long refused,
            long wouldWait,
            long throttled,
            long warned,
            long rejected,
            BigDecimal costReal,
            BigDecimal cost,
            BigDecimal costAdmitted) {
        static final Sum NONE = new Sum(0, 0, 0, 0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

        Sum plus(Sum more) {
            return new Sum(
                    calls + more.calls,
                    refused + more.refused,
                    wouldWait + more.wouldWait,
                    throttled + more.throttled,
                    warned + more.warned,
                    rejected + more.rejected,
                    costReal.add(more.costReal),
                    cost.add(more.cost),
                    costAdmitted.add(more.costAdmitted));
        }
    }

    /**
     * What one subject would have met.
     *
     * @param subject null for calls on behalf of the organization alone
     */
    public record BySubject(@Nullable SubjectKey subject, Sum sum, List<ByLimit> limits) {
        public BySubject {
            limits = List.copyOf(limits);
        }
    }

    /**
     * What one limit would have done to a subject.
     *
     * @param firstRefused when it first had no room
     * @param firstWarned when a threshold of it was first reached
     */
    public record ByLimit(
            String limit, long refused, long warned, Optional<Instant> firstRefused, Optional<Instant> firstWarned) {}
}
