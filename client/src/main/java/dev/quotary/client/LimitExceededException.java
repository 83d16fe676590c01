package dev.quotary.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A limit has no room for the call. Nothing is held, and the call was not made. */
public final class LimitExceededException extends QuotaryException {
    private static final long serialVersionUID = 1;

    private final transient Decision decision;
    private final transient Decision.Refusal refusal;

    LimitExceededException(Decision decision) {
        super(refusal(decision).message(), null);
        this.decision = decision;
        this.refusal = refusal(decision);
    }

    private static Decision.Refusal refusal(Decision decision) {
        return decision.refusal().orElseThrow(() -> new IllegalStateException("an allowed call is no refusal"));
    }

    /** The whole answer, with every limit without room among its violations. */
    public Decision decision() {
        return decision;
    }

    /** The first limit without room: how much is used and held of which maximum. */
    public LimitState limit() {
        return decision.violations().get(0);
    }

    /** When all limits without room have begun anew; empty where one of them never does. */
    public Optional<Instant> resetsAt() {
        var resets = decision.violations().stream().map(LimitState::resetsAt).toList();
        return resets.stream().allMatch(Optional::isPresent)
                ? resets.stream().flatMap(Optional::stream).max(Instant::compareTo)
                : Optional.empty();
    }

    /** Where a larger plan is to be had, if the plan says so. */
    public Optional<String> upgradeUrl() {
        return refusal.upgradeUrl();
    }

    /** How long to wait, where waiting helps. */
    public Optional<Duration> retryAfter() {
        return refusal.retryAfter();
    }

    /** 402 where a plan is used up, 429 where waiting a little helps: fit for one's own answer. */
    public int status() {
        return refusal.status();
    }

    /** {@code USAGE_LIMIT_EXCEEDED} or {@code RATE_LIMIT_EXCEEDED}. */
    public String code() {
        return refusal.code();
    }
}
