package dev.quotary.usage;

import dev.quotary.limit.Exceeded;
import dev.quotary.meter.Amounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What waiting has to do with a refusal. */
public sealed interface Queueing {
    Queueing NONE = new None();

    /** Nobody has waited, and nobody may. */
    record None() implements Queueing {}

    /**
     * Waiting may help, and every limit without room lets calls wait.
     *
     * @param waitMax the smallest wait of these limits
     */
    record Possible(Duration waitMax) implements Queueing {}

    /** The call has waited in vain. */
    record Over(long waitedMillis) implements Queueing {}

    /** It would have waited, had not too many others waited already. */
    record Full() implements Queueing {}

    /**
     * Whether a call that was refused may wait. It may not for what cannot come in time: more than a limit allows at all, or more than
     * is left of a window that does not end before. Else it would keep others waiting for nothing.
     *
     * @param limits as they were when the call was refused
     */
    static Queueing of(List<LimitStatus> limits, Amounts asked, Instant now) {
        var waitMax = Exceeded.QUEUE_FOR_MAX;
        for (var status : limits) {
            if (status.violated()) {
                var wait = status.limit().exceeded().queueFor();
                if (!status.queues() || !status.roomBy(now.plus(wait), asked)) {
                    return NONE;
                }
                waitMax = wait.compareTo(waitMax) < 0 ? wait : waitMax;
            }
        }
        return new Possible(waitMax);
    }
}
