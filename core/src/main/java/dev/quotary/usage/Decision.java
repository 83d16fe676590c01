package dev.quotary.usage;

import dev.quotary.catalog.Account;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to check and reserve: every limit that spoke.
 *
 * @param limits all limits that apply to the call, as they stand after the decision
 * @param asked what the decision was about
 * @param hold what was reserved; null for a check, and where nothing was granted
 * @param queueing of a refused call
 */
public record Decision(
        Account account,
        Verdict verdict,
        List<LimitStatus> limits,
        Amounts asked,
        @Nullable Hold hold,
        Instant at,
        Queueing queueing) {

    Decision(
            Account account,
            Verdict verdict,
            List<LimitStatus> limits,
            Amounts asked,
            @Nullable Hold hold,
            Instant at) {
        this(account, verdict, limits, asked, hold, at, Queueing.NONE);
    }

    /** The same decision, with what came of waiting. */
    Decision with(Queueing other) {
        return new Decision(account, verdict, limits, asked, hold, at, other);
    }

    /** How long the call waited for room, whatever came of it. */
    public long queueWaitMillis() {
        if (hold != null) {
            return hold.queueWaitMillis();
        }
        return queueing instanceof Queueing.Over(long waitedMillis) ? waitedMillis : 0;
    }

    /** The same decision, made while the store did not answer. */
    Decision unmetered() {
        return new Decision(account, Verdict.ALLOWED_UNMETERED, limits, asked, hold, at);
    }

    public List<LimitStatus> violations() {
        return limits.stream().filter(LimitStatus::violated).toList();
    }

    /** How the limits stand once the hold is replaced by what was really used, if nothing else has changed meanwhile. */
    public Decision settled(Amounts actual) {
        var after = new ArrayList<LimitStatus>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            var status = limits.get(i);
            var meter = status.limit().meter();
            after.add(status.settled(asked.of(meter), actual.of(meter)));
        }
        return new Decision(account, verdict, after, actual, null, at);
    }

    /** 402 if any violated limit says so, as waiting a little then helps nothing; else 429. */
    public int refusalStatus() {
        return limits.stream()
                .filter(LimitStatus::violated)
                .mapToInt(status -> status.limit().refusalStatus())
                .min()
                .orElse(429);
    }

    /** When all violated limits will have reset, or a sliding one will have some room again; empty where one never does. */
    public Optional<Instant> resetsAt() {
        Instant last = null;
        for (var status : violations()) {
            var reset = status.resetsAt();
            if (reset.isEmpty()) {
                return Optional.empty();
            }
            last = last == null || reset.get().isAfter(last) ? reset.get() : last;
        }
        return Optional.ofNullable(last);
    }

    /** How long to wait before asking again; empty where waiting for minutes does not help. */
    public Optional<Duration> retryAfter() {
        if (violations().stream().anyMatch(status -> !status.limit().rate())) {
            return Optional.empty();
        }
        return Optional.of(resetsAt().map(reset -> Duration.between(at, reset)).orElse(IN_FLIGHT_RETRY));
    }

    /** How long the caller must wait before it makes the call: the longest delay of the limits that this call is beyond; often zero. */
    public Duration delay() {
        return delay(limits, asked);
    }

    static Duration delay(List<LimitStatus> limits, Amounts asked) {
        var longest = Duration.ZERO;
        for (int i = 0; i < limits.size(); i++) {
            var status = limits.get(i);
            var delay = status.limit().exceeded().delay();
            if (delay.compareTo(longest) > 0
                    && status.beyondMaximum()
                    && asked.of(status.limit().meter()) > 0) {
                longest = delay;
            }
        }
        return longest;
    }

    /** Limits that are nearest to their end come first; unlimited ones are left out. */
    public Optional<LimitStatus> tightest() {
        LimitStatus tightest = null;
        for (var status : limits) {
            if (!status.limit().maximum().unlimited() && (tightest == null || TIGHTER.compare(status, tightest) > 0)) {
                tightest = status;
            }
        }
        return Optional.ofNullable(tightest);
    }

    private static final Comparator<LimitStatus> TIGHTER =
            Comparator.comparing(LimitStatus::violated).thenComparing(LimitStatus::percent);

    /** Calls in flight end at any moment: ask again soon. */
    private static final Duration IN_FLIGHT_RETRY = Duration.ofSeconds(1);
}
