package dev.quotary.gateway;

import dev.quotary.http.Answers;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Problem;
import dev.quotary.http.RefusalText;
import dev.quotary.http.UsageHeaders;
import dev.quotary.limit.Limit;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.Refusal;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Throttle;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Reserved;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Answers calls that are not forwarded, in the provider's own error shape. */
final class Refusals {
    private Refusals() {}

    static void send(HttpServerResponse response, ErrorShape shape, RefusalMessage message) {
        shape.headers(message.kind()).forEach(response::putHeader);
        end(response, message.kind().status(), shape.body(message));
    }

    /** With a code of ours, but for a wrong key: clients know the provider's own code for that. */
    static void send(HttpServerResponse response, ErrorShape shape, Problem problem) {
        var message = new RefusalMessage(
                kind(problem),
                problem.detail(),
                Optional.empty(),
                problem.code() == ErrorCode.UNAUTHENTICATED
                        ? Optional.empty()
                        : Optional.of(problem.code().name().toLowerCase(Locale.ROOT)));
        shape.headers(message.kind()).forEach(response::putHeader);
        end(response, problem.status(), shape.body(message));
    }

    /** A failure nobody expected is logged, and told without its inside. */
    static void send(HttpServerResponse response, ErrorShape shape, Throwable failure) {
        send(response, shape, Answers.problem(failure));
    }

    /** What the limits refused: 402 for good, 429 where waiting helps; with the limit, its use and its reset in words. */
    static void send(HttpServerResponse response, ErrorShape shape, Decision decision) {
        var violations = decision.violations();
        int status = decision.refusalStatus();
        // The limit that made it this status: a limit per minute may be violated beside one per month.
        var first = violations.stream()
                .filter(violated -> violated.limit().refusalStatus() == status)
                .findFirst()
                .orElse(violations.getFirst());
        boolean tokens = first.limit().meter().value().startsWith("tokens");
        var wait = decision.retryAfter();
        var throttle = status == 429 && wait.isPresent()
                ? Optional.of(throttle(first, tokens, wait.get()))
                : Optional.<Throttle>empty();
        var kind = status == 402
                ? Refusal.QUOTA_EXHAUSTED
                : throttle.isEmpty()
                        ? shape.quotaAsRate()
                        : tokens ? Refusal.TOKENS_THROTTLED : Refusal.REQUESTS_THROTTLED;
        UsageHeaders.put(response.headers(), decision);
        response.putHeader(
                "x-quotary-limit",
                violations.stream()
                        .map(violated -> violated.limit().key().value())
                        .collect(Collectors.joining(", ")));
        shape.headers(kind).forEach(response::putHeader);
        var message = RefusalMessage.of(kind, words(decision));
        if (throttle.isEmpty()) {
            // Waiting for minutes helps nothing: SDKs sleep for as long as they are told.
            response.headers().remove(HttpHeaders.RETRY_AFTER);
            end(response, kind.status(), shape.body(message));
            return;
        }
        shape.headers(throttle.get()).forEach(response::putHeader);
        end(response, kind.status(), shape.body(message, throttle.get()));
    }

    /** Why a stream that is running ends. */
    static RefusalMessage midStream(Reserved refused) {
        return refused instanceof Reserved.Decided(Decision decision)
                ? RefusalMessage.of(Refusal.QUOTA_EXHAUSTED, "Ended while streaming. " + words(decision))
                : RefusalMessage.of(Refusal.FORBIDDEN, "Ended while streaming. This subject is blocked.");
    }

    private static Throttle throttle(LimitStatus status, boolean tokens, Duration wait) {
        var rate = tokens ? Throttle.Rate.TOKENS : Throttle.Rate.REQUESTS;
        return new Throttle(rate, status.limit().maximum().units(), status.remaining(), wait);
    }

    private static String words(Decision decision) {
        var text = decision.violations().stream()
                .map(violated -> words(decision, violated))
                .collect(Collectors.joining(" "))
                .concat(RefusalText.waited(decision));
        var plan = decision.account().plan();
        return plan == null || plan.upgradeUrl() == null ? text : text + " Upgrade: " + plan.upgradeUrl();
    }

    private static String words(Decision decision, LimitStatus status) {
        var limit = status.limit();
        var text = new StringBuilder("Usage limit '").append(limit.key()).append("' reached: ");
        text.append(amount(limit, status.used())).append(" of ");
        text.append(amount(limit, limit.maximum().units())).append(' ').append(limit.meter());
        text.append(" used per ").append(limit.counted().window().key());
        if (status.held() > 0) {
            text.append(", ").append(amount(limit, status.held())).append(" held by running calls");
        }
        text.append(", and this call may need up to ")
                .append(amount(limit, decision.asked().of(limit.meter())))
                .append('.');
        if (status.counter().window().resets()) {
            text.append(" It resets at ")
                    .append(status.counter().window().end())
                    .append('.');
        }
        return text.toString();
    }

    private static String amount(Limit limit, long units) {
        return limit.meter().equals(MeterKey.COST) ? "$" + new Money(units) : Long.toString(units);
    }

    private static Refusal kind(Problem problem) {
        return switch (problem.code()) {
            case UNAUTHENTICATED, TOKEN_EXPIRED, TOKEN_INVALID -> Refusal.UNAUTHENTICATED;
            case FORBIDDEN, SUBJECT_BLOCKED -> Refusal.FORBIDDEN;
            case BODY_TOO_LARGE -> Refusal.TOO_LARGE;
            case STORE_UNAVAILABLE, SERVER_STOPPING, PROVIDER_UNAVAILABLE -> Refusal.UNAVAILABLE;
            case INTERNAL -> Refusal.INTERNAL;
            case PROVIDER_UNREACHABLE -> Refusal.PROVIDER_FAILED;
            case PROVIDER_TIMEOUT -> Refusal.PROVIDER_SLOW;
            case USAGE_LIMIT_EXCEEDED -> Refusal.QUOTA_EXHAUSTED;
            case RATE_LIMIT_EXCEEDED, TOO_MANY_STREAMS -> Refusal.REQUESTS_THROTTLED;
            case INVALID_REQUEST,
                    NOT_FOUND,
                    SUBJECT_UNKNOWN,
                    RESERVATION_UNKNOWN,
                    METHOD_NOT_ALLOWED,
                    UNSUPPORTED_MEDIA_TYPE,
                    SIGNATURE_INVALID,
                    IDEMPOTENCY_MISMATCH,
                    RESERVATION_CLOSED,
                    KEY_UNCHANGEABLE,
                    ALREADY_EXISTS,
                    IN_USE,
                    DECLARED_BY_FILE,
                    SYNC_NOT_PARKED,
                    TOO_MANY_SYNCS,
                    PRECONDITION_FAILED,
                    PRECONDITION_REQUIRED,
                    VISITORS_NOT_TAKEN,
                    VISITOR_MERGED,
                    UNSUPPORTED_ENCODING,
                    MODEL_NOT_PRICED,
                    TOO_MANY_EVENTS,
                    NOT_METERABLE -> Refusal.INVALID_REQUEST;
        };
    }

    private static void end(HttpServerResponse response, int status, byte[] body) {
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status);
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
            response.end(Buffer.buffer(body));
        }
    }
}
