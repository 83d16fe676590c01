package dev.quotary.http;

import dev.quotary.call.EventId;
import dev.quotary.limit.Limit;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Verdict;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers that tell a caller how its limits stand; the same on the usage API and on the gateway.
 *
 * <p>{@code X-Usage-*} are of the limit closest to its end, in its meter's unit, cost in dollars; -1 stands for unlimited.
 * {@code RateLimit} and {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers) name every limit that has a maximum and a window
 * that resets. Their numbers are integers, so cost is in millionths of a dollar there ({@code qu="usd-micros"}), what remains rounded
 * down.
 */
public final class UsageHeaders {
    private static final CharSequence DECISION = HttpHeaders.createOptimized("X-Quotary-Decision");
    private static final CharSequence COST = HttpHeaders.createOptimized("X-Quotary-Cost");
    private static final CharSequence EVENT = HttpHeaders.createOptimized("X-Quotary-Event");
    private static final CharSequence TIMING = HttpHeaders.createOptimized("Server-Timing");
    private static final CharSequence CURRENT = HttpHeaders.createOptimized("X-Usage-Current");
    private static final CharSequence LIMIT = HttpHeaders.createOptimized("X-Usage-Limit");
    private static final CharSequence REMAINING = HttpHeaders.createOptimized("X-Usage-Remaining");
    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");
    private static final CharSequence RATE = HttpHeaders.createOptimized("RateLimit");
    private static final CharSequence DELAY = HttpHeaders.createOptimized("X-Quotary-Delay-Ms");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");

    private static final long PICOS_PER_MICRO = 1_000_000;
    /** Largest integer of a structured field (RFC 9651). */
    private static final long INTEGER_MAX = 999_999_999_999_999L;

    private static final int BYTES_PER_LIMIT = 48;

    private UsageHeaders() {}

    /** Writes everything that a decision says. */
    public static void put(MultiMap headers, Decision decision) {
        headers.set(DECISION, decision.verdict().key());
        putQueueWait(headers, decision.queueWaitMillis());
        tightest(headers, decision);
        rates(headers, decision);
        if (decision.verdict() == Verdict.THROTTLED) {
            headers.set(DELAY, Long.toString(decision.delay().toMillis()));
        } else if (!decision.verdict().allowed()) {
            decision.retryAfter().ifPresent(wait -> headers.set(RETRY_AFTER, Long.toString(secondsUp(wait))));
        }
    }

    public static void putCost(MultiMap headers, Money cost) {
        headers.set(COST, cost.toString());
    }

    /** Beside timings of others, such as a provider's; nothing where the call did not wait. */
    public static void putQueueWait(MultiMap headers, long millis) {
        if (millis > 0) {
            headers.add(TIMING, "queue;dur=" + millis);
        }
    }

    public static void putEvent(MultiMap headers, EventId event) {
        headers.set(EVENT, event.toString());
    }

    private static void tightest(MultiMap headers, Decision decision) {
        var bounded = decision.tightest();
        if (bounded.isPresent()) {
            var status = bounded.get();
            var meter = status.limit().meter();
            headers.set(CURRENT, amount(meter, status.taken()));
            headers.set(LIMIT, amount(meter, status.limit().maximum().units()));
            headers.set(REMAINING, amount(meter, status.remaining()));
        } else if (!decision.limits().isEmpty()) {
            var status = decision.limits().getFirst();
            headers.set(CURRENT, amount(status.limit().meter(), status.taken()));
            headers.set(LIMIT, "-1");
            headers.set(REMAINING, "-1");
        }
    }

    /** An amount of a meter for people: dollars for cost, a whole number else. */
    public static String amount(MeterKey meter, long units) {
        return meter.equals(MeterKey.COST) ? new Money(units).toString() : Long.toString(units);
    }

    private static void rates(MultiMap headers, Decision decision) {
        List<LimitStatus> limits = decision.limits();
        var policy = new StringBuilder(limits.size() * BYTES_PER_LIMIT);
        var rate = new StringBuilder(limits.size() * BYTES_PER_LIMIT);
        for (int i = 0; i < limits.size(); i++) {
            var status = limits.get(i);
            if (windowed(status.limit())) {
                policy(policy, status);
                rate(rate, status, decision.at());
            }
        }
        if (!policy.isEmpty()) {
            headers.set(POLICY, HttpHeaders.createOptimized(policy.toString()));
            headers.set(RATE, HttpHeaders.createOptimized(rate.toString()));
        }
    }

    private static boolean windowed(Limit limit) {
        if (limit.maximum().unlimited()) {
            return false;
        }
        return switch (limit.counted().window()) {
            case WindowSpec.Calendar _, WindowSpec.Sliding _, WindowSpec.BillingPeriod _ -> true;
            case WindowSpec.Lifetime _, WindowSpec.InFlight _ -> false;
        };
    }

    /** Keys of limits have no characters that a structured string would have to escape. */
    private static StringBuilder item(StringBuilder out, LimitStatus status) {
        return out.append(out.isEmpty() ? "\"" : ", \"")
                .append(status.limit().key().value())
                .append('"');
    }

    private static void policy(StringBuilder out, LimitStatus status) {
        var limit = status.limit();
        item(out, status)
                .append(";q=")
                .append(integer(limit.meter(), limit.maximum().units()));
        var unit = unit(limit.meter());
        if (unit != null) {
            out.append(";qu=\"").append(unit).append('"');
        }
        out.append(";w=").append(seconds(status));
    }

    private static long seconds(LimitStatus status) {
        var window = status.counter().window();
        return status.limit().counted().window() instanceof WindowSpec.Sliding sliding
                ? sliding.length().toSeconds()
                : window.end().getEpochSecond() - window.start().getEpochSecond();
    }

    private static void rate(StringBuilder out, LimitStatus status, Instant now) {
        item(out, status).append(";r=").append(integer(status.limit().meter(), status.remaining()));
        // Of a sliding window that nothing was used of, there is nothing to wait for.
        var reset = status.resetsAt().orElse(now);
        out.append(";t=").append(secondsUp(Duration.between(now, reset)));
    }

    /** Null for requests, which is what the field means where it names no unit. */
    private static @Nullable String unit(MeterKey meter) {
        if (meter.equals(MeterKey.REQUESTS)) {
            return null;
        }
        return meter.equals(MeterKey.COST) ? "usd-micros" : meter.value();
    }

    private static long integer(MeterKey meter, long units) {
        return Math.min(INTEGER_MAX, meter.equals(MeterKey.COST) ? units / PICOS_PER_MICRO : units);
    }

    /** A caller that comes back on time must not be early. */
    private static long secondsUp(Duration wait) {
        long seconds = wait.getNano() == 0 ? wait.getSeconds() : wait.getSeconds() + 1;
        return Math.max(0, seconds);
    }
}
