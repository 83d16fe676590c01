package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Provider;
import dev.quotary.http.Answers;
import dev.quotary.http.Problem;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.limit.Hold;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.WireFormat;
import dev.quotary.usage.Commitment;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Settled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One admitted call, from its reservation to its usage event. It lives on one event loop, and is settled exactly once.
 *
 * @param receivedAt when its last byte came in; if it waited for room, when it was admitted
 * @param journey its way to the provider
 */
record MeteredCall(
        Services services,
        HttpServerRequest request,
        Provider provider,
        WireFormat format,
        ProviderRequest parsed,
        String metadata,
        Decision decision,
        Hold hold,
        Instant receivedAt,
        Journey journey,
        Context context) {
    private static final Logger LOG = LoggerFactory.getLogger(MeteredCall.class);

    /** The same call at another provider or model. */
    MeteredCall at(Provider other, WireFormat itsFormat, ProviderRequest asked, Decision redirected) {
        var held = Objects.requireNonNull(redirected.hold(), "redirected calls are held");
        return new MeteredCall(
                services, request, other, itsFormat, asked, metadata, redirected, held, receivedAt, journey, context);
    }

    /** How long it waited for room: in its limits, and at its provider. */
    long queueWaitMillis() {
        return hold.queueWaitMillis() + journey.waitedMillis();
    }

    /** The call failed at the provider, which bills nothing then. */
    Future<Settled> settleFailed(String errorType) {
        return commit(Metering.NOTHING, Outcome.ERROR, errorType);
    }

    /**
     * Settles with what the answer says; where it says nothing, with an estimate from what was asked and written.
     *
     * @param text what the model wrote, asked for only if it is needed
     */
    Future<Settled> settle(AnswerFacts answer, OutputText text, Outcome outcome, @Nullable String errorType) {
        return switch (answer.usage()) {
            case UsageReading.Reported reported -> {
                learn(reported.tokens());
                yield commit(
                        priced(
                                new Metering.Said(reported.tokens(), reported.parts(), reported.costUsd()),
                                answer.served(),
                                Evidence.PROVIDER),
                        outcome,
                        errorType);
            }
            case UsageReading.Partial partial ->
                commit(
                        priced(
                                new Metering.Said(partial.tokens(), partial.parts(), partial.costUsd()),
                                answer.served(),
                                Evidence.PARTIAL),
                        outcome,
                        errorType);
            case UsageReading.Begun begun -> settleBegun(begun, answer.served(), text, outcome, errorType);
            case UsageReading.Missing _, UsageReading.Broken _ ->
                estimate(text)
                        .compose(tokens -> commit(
                                priced(Metering.Said.estimated(tokens), answer.served(), Evidence.ESTIMATE),
                                outcome,
                                errorType));
        };
    }

    /**
     * What was read is charged as the provider told it, what was written by an estimate, but no less than was told. Where the provider
     * itself ended the stream, the numbers are its last word of the call; else they are ours.
     */
    private Future<Settled> settleBegun(
            UsageReading.Begun begun, Served served, OutputText text, Outcome outcome, @Nullable String errorType) {
        var evidence = begun.failed() ? Evidence.PARTIAL : Evidence.ESTIMATE;
        return estimate(text)
                .map(estimated -> begun.tokens()
                        .with(
                                Component.OUTPUT,
                                Math.max(estimated.output(), begun.tokens().output())))
                .compose(tokens -> commit(
                        priced(new Metering.Said(tokens, begun.parts(), Optional.empty()), served, evidence),
                        outcome,
                        errorType));
    }

    /**
     * Tells the client of a bug of ours.
     *
     * @param served whether the provider served the call, and bills it: it must not come again by itself then
     */
    void refuse(Throwable failure, boolean served) {
        if (served && !request.response().headWritten()) {
            request.response().putHeader("x-should-retry", "false");
        }
        refuse(Answers.problem(failure));
    }

    /** Tells the client, in the provider's shape, why there is no answer; to be called when the call is settled. */
    void refuse(Problem problem) {
        var response = request.response();
        if (!response.closed() && !response.ended()) {
            response.putHeader("X-Quotary-Event", hold.id().event().toString());
            var shape = format.errors(parsed.target()).ofRequest(() -> RequestId.of(hold.id()));
            Refusals.send(response, shape, problem);
        }
    }

    /**
     * Settles a call of which nothing can be read, as it was answered.
     *
     * @param answerBytes how long the answer is: nothing has more tokens than the bytes that it takes
     */
    Future<Settled> settleUnread(long answerBytes, Outcome outcome, @Nullable String errorType) {
        return settle(AnswerFacts.UNREAD, new OutputText("", 0, answerBytes), outcome, errorType);
    }

    /**
     * What may have been written where a bug of ours is why that cannot be read: more than was held for the answer, which is a bound of
     * it, is not charged for that.
     */
    OutputText unread(long answerBytes) {
        return new OutputText(
                "", 0, Math.min(answerBytes, hold.amounts().quantities().tokensOutput()));
    }

    /** Only from calls of nothing but text: of others the share of the text is not told. */
    private void learn(TokenUsage tokens) {
        var input = parsed.facts().input();
        if (input.mediaTokens() == 0) {
            services.ratios().learn(provider.name(), parsed.facts().model(), input.textBytes(), tokens.totalInput());
        }
    }

    /** What was held stands in where pricing fails, so that the call is settled all the same. */
    private Metered priced(Metering.Said said, Served served, Evidence evidence) {
        try {
            return services.metering().metered(hold, said, served, evidence);
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("event", hold.id().event())
                    .log("a call was not priced; it costs what was held for it");
            return Metering.held(hold);
        }
    }

    /** Counting tokens takes milliseconds, and seconds the first time: never on the event loop. */
    private Future<TokenUsage> estimate(OutputText text) {
        Promise<TokenUsage> promise = Promise.promise();
        Thread.ofVirtual().name("estimate").start(() -> {
            try {
                var tokens = parsed.estimator().estimate(text).tokens();
                context.runOnContext(_ -> promise.complete(tokens));
            } catch (RuntimeException | Error e) {
                // The bound of the input stands in, so that the call is never settled with nothing.
                long read = Math.min(parsed.facts().input().tokensMax(), TokenUsage.TOKENS_MAX);
                var bound = TokenUsage.of(read, text.bytes());
                context.runOnContext(_ -> promise.complete(bound));
            }
        });
        return promise.future();
    }

    private Future<Settled> commit(Metered metered, Outcome outcome, @Nullable String errorType) {
        journey.over();
        long latency = Duration.between(receivedAt, services.clock().instant()).toMillis() - journey.waitedMillis();
        var result = new Result(outcome, errorType, Math.max(0, latency), queueWaitMillis(), false);
        var commitment = new Commitment(metered, result, hold.call().dimensions(), journey.told(metadata), 0);
        return services.settling().commit(hold, commitment, context);
    }
}
