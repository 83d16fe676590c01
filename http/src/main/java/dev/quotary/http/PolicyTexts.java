package dev.quotary.http;

import dev.quotary.limit.Limit;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.LimitStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code RateLimit-Policy}: what limits there are, not how they stand, so the same for nearly all calls under a plan, and kept.
 *
 * <p>What is kept is bounded, and serves only the very limits that it was written for. Safe for many threads.
 */
final class PolicyTexts {
    private static final int KEPT_MAX = 10_000;
    private static final int BYTES_PER_LIMIT = 48;
    private static final Map<Policy, CharSequence> KEPT = new ConcurrentHashMap<>();

    private PolicyTexts() {}

    /** Limits by identity: one that was declared anew is another object, and comparing whole limits would cost what this saves. */
    private static final class Policy {
        private final Limit[] limits;
        private final long[] seconds;
        private final int hash;

        Policy(List<LimitStatus> statuses) {
            limits = new Limit[statuses.size()];
            seconds = new long[limits.length];
            int mixed = 1;
            for (int i = 0; i < limits.length; i++) {
                limits[i] = statuses.get(i).limit();
                seconds[i] = seconds(statuses.get(i));
                mixed = 31 * (31 * mixed + System.identityHashCode(limits[i])) + Long.hashCode(seconds[i]);
            }
            hash = mixed;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        // The very limits are meant, see above.
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(Object other) {
            if (!(other instanceof Policy policy) || hash != policy.hash || limits.length != policy.limits.length) {
                return false;
            }
            for (int i = 0; i < limits.length; i++) {
                if (limits[i] != policy.limits[i]) {
                    return false;
                }
            }
            return Arrays.equals(seconds, policy.seconds);
        }
    }

    /** The policy of the limits that have a maximum and a window; there is one at least. */
    static CharSequence of(List<LimitStatus> limits) {
        var policy = new Policy(limits);
        var known = KEPT.get(policy);
        if (known != null) {
            return known;
        }
        var out = new AsciiText(limits.size() * BYTES_PER_LIMIT);
        for (var status : limits) {
            if (UsageHeaders.windowed(status.limit())) {
                policy(out, status);
            }
        }
        if (KEPT.size() >= KEPT_MAX) {
            KEPT.clear();
        }
        KEPT.put(policy, out.value());
        return out.value();
    }

    private static void policy(AsciiText out, LimitStatus status) {
        var limit = status.limit();
        UsageHeaders.item(out, status)
                .add(";q=")
                .add(UsageHeaders.integer(limit.meter(), limit.maximum().units()));
        var unit = unit(limit.meter());
        if (unit != null) {
            out.add(";qu=\"").add(unit).add("\"");
        }
        out.add(";w=").add(seconds(status));
    }

    private static long seconds(LimitStatus status) {
        var window = status.counter().window();
        return status.limit().counted().window() instanceof WindowSpec.Sliding sliding
                ? sliding.length().toSeconds()
                : window.end().getEpochSecond() - window.start().getEpochSecond();
    }

    /** Null for requests, which is what the field means where it names no unit. */
    private static @Nullable String unit(MeterKey meter) {
        if (meter.equals(MeterKey.REQUESTS)) {
            return null;
        }
        return meter.equals(MeterKey.COST) ? "usd-micros" : meter.value();
    }
}
