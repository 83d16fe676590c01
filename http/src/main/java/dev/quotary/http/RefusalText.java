package dev.quotary.http;

import dev.quotary.limit.Filter;
import dev.quotary.limit.Limit;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Queueing;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Words a denied decision of the usage API for the person who is refused. The gateway words its refusals for whoever calls its SDK. */
public final class RefusalText {
    private RefusalText() {}

    /** Such as: Usage limit exceeded for ai_generation. Your free plan allows 50 per month. You've used 50. */
    public static String of(Decision decision) {
        var violations = decision.violations();
        if (violations.isEmpty()) {
            return "Usage limit exceeded.";
        }
        var status = violations.getFirst();
        var limit = status.limit();
        var plan = decision.account().plan();
        return "Usage limit exceeded for " + limit.meter()
                + where(limit.counted().filter()) + ". Your "
                + (plan == null ? "plan" : plan.key() + " plan") + " allows " + allowed(limit) + ". "
                + used(status, decision) + waited(decision);
    }

    /** What came of waiting, as a sentence to go behind others; empty where nobody waited or wanted to. */
    public static String waited(Decision decision) {
        return switch (decision.queueing()) {
            case Queueing.Over over -> " It waited " + over.waitedMillis() + " ms for room.";
            case Queueing.Full _ -> " Too many calls wait for room already.";
            case Queueing.None _, Queueing.Possible _ -> "";
        };
    }

    /** The code of a refusal with this status. */
    public static ErrorCode code(int status) {
        return status == ErrorCode.USAGE_LIMIT_EXCEEDED.status()
                ? ErrorCode.USAGE_LIMIT_EXCEEDED
                : ErrorCode.RATE_LIMIT_EXCEEDED;
    }

    private static String where(Filter filter) {
        if (filter.patterns().isEmpty()) {
            return "";
        }
        return new TreeMap<>(filter.patterns())
                .entrySet().stream()
                        .map(pattern -> pattern.getKey() + " " + pattern.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String allowed(Limit limit) {
        return amount(limit.meter(), limit.maximum().units()) + " "
                + per(limit.counted().window()) + forWhom(limit.counted().scope());
    }

    private static String per(WindowSpec window) {
        return switch (window) {
            case WindowSpec.Calendar calendar -> "per " + calendar.key();
            case WindowSpec.Sliding sliding -> "in any " + sliding.unit().key();
            case WindowSpec.BillingPeriod _ -> "per billing period";
            case WindowSpec.Lifetime _ -> "in total";
            case WindowSpec.InFlight _ -> "at once";
        };
    }

    private static String forWhom(Scope scope) {
        return switch (scope) {
            case SUBJECT -> "";
            case ORGANIZATION -> " for the whole organization";
            case KEY -> " for one API key";
            case SESSION -> " for one session";
            case WORKFLOW -> " for one workflow";
            case NETWORK -> " for all visitors of one network";
        };
    }

    private static String used(LimitStatus status, Decision decision) {
        var limit = status.limit();
        var meter = limit.meter();
        var text = new StringBuilder();
        if (limit.counted().inFlight()) {
            text.append(amount(meter, status.held())).append(" are running.");
        } else {
            text.append("You've used ").append(amount(meter, status.used()));
            if (status.held() > 0) {
                text.append(", and ").append(amount(meter, status.held())).append(" are held by calls in flight");
            }
            text.append('.');
        }
        if (status.room() > 0) {
            text.append(" This call asks for ")
                    .append(amount(meter, decision.asked().of(meter)))
                    .append('.');
        }
        return text.toString();
    }

    private static String amount(MeterKey meter, long units) {
        if (!meter.equals(MeterKey.COST)) {
            return Long.toString(units);
        }
        var dollars = new Money(units).dollars().stripTrailingZeros();
        return "$" + (dollars.scale() < CENTS ? dollars.setScale(CENTS) : dollars).toPlainString();
    }

    private static final int CENTS = 2;
}
