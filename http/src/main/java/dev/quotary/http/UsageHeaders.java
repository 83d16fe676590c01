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
        var rate = new AsciiText(limits.size() * BYTES_PER_LIMIT);
        for (int i = 0; i < limits.size(); i++) {
            var status = limits.get(i);
            if (windowed(status.limit())) {
                rate(rate, status, decision.at());
            }
        }
        if (!rate.isEmpty()) {
            headers.set(POLICY, PolicyTexts.of(limits));
            headers.set(RATE, rate.value());
        }
    }

    static boolean windowed(Limit limit) {
        if (limit.maximum().unlimited()) {
            return false;
        }
        return switch (limit.counted().window()) {
            case WindowSpec.Calendar _, WindowSpec.Sliding _, WindowSpec.BillingPeriod _ -> true;
            case WindowSpec.Lifetime _, WindowSpec.InFlight _ -> false;
        };
    }

    /** Keys of limits have no characters that a structured string would have to escape. */
    static AsciiText item(AsciiText out, LimitStatus status) {
        return out.add(out.isEmpty() ? "\"" : ", \"")
                .add(status.limit().key().value())
                .add("\"");
    }

    private static void rate(AsciiText out, LimitStatus status, Instant now) {
        item(out, status).add(";r=").add(integer(status.limit().meter(), status.remaining()));
        // Of a sliding window that nothing was used of, there is nothing to wait for.
        var reset = status.resetsAt().orElse(now);
        out.add(";t=").add(secondsUp(now, reset));
    }

    static long integer(MeterKey meter, long units) {
        return Math.min(INTEGER_MAX, meter.equals(MeterKey.COST) ? units / PICOS_PER_MICRO : units);
    }

    /** Without an object for the time between: this is asked for every limit of every answer. */
    private static long secondsUp(Instant from, Instant to) {
        long seconds = to.getEpochSecond() - from.getEpochSecond();
        return Math.max(0, to.getNano() > from.getNano() ? seconds + 1 : seconds);
    }

    /** A caller that comes back on time must not be early. */
    private static long secondsUp(Duration wait) {
        long seconds = wait.getNano() == 0 ? wait.getSeconds() : wait.getSeconds() + 1;
        return Math.max(0, seconds);
    }
}
