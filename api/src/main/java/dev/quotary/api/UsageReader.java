package dev.quotary.api;

import dev.quotary.call.Dimensions;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.Receipt;
import dev.quotary.price.TokenUsage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Reads what was used, as commit and record are told it, and prices it. */
final class UsageReader {
    private static final Outcome[] OUTCOMES = {Outcome.SUCCESS, Outcome.ERROR, Outcome.CANCELLED};
    private static final long DURATION_MILLIS_MAX = 1_000L * 3600 * 24 * 366;

    private final Catalog catalog;
    private final Costing costing;
    private final ProviderResponses responses;

    UsageReader(Catalog catalog, Costing costing, ProviderResponses responses) {
        this.catalog = catalog;
        this.costing = costing;
        this.responses = responses;
    }

    /**
     * What a request says was used.
     *
     * @param place of the object that says it
     */
    record Said(Value place, NamedAmounts named, Optional<ProviderResponses.Reported> response, Result result) {
        /** As said; what was not said of waiting is known from the reservation. */
        Result resultAfter(long queueWaitMillis) {
            return result.queueWaitMillis() == 0
                    ? new Result(
                            result.outcome(),
                            result.errorType(),
                            result.latencyMillis(),
                            queueWaitMillis,
                            result.late())
                    : result;
        }

        boolean success() {
            return result.outcome() == Outcome.SUCCESS;
        }
    }

    Said read(Value place, Fields fields) {
        var named = NamedAmounts.read(fields, catalog.declarations());
        var raw = fields.find("provider_response");
        if (raw.isPresent() && (named.namesTokens() || named.names(MeterKey.REQUESTS))) {
            throw raw.get().wrong("expected either provider_response, or requests and tokens in quantities");
        }
        return new Said(place, named, raw.map(responses::read), result(place, fields));
    }

    private static Result result(Value place, Fields fields) {
        var outcome = fields.find("outcome")
                .map(value -> value.oneOf(OUTCOMES, Outcome::key))
                .orElse(Outcome.SUCCESS);
        var errorType = fields.string("error_type").orElse(null);
        long latency = millis(fields, "latency_ms");
        long queueWait = millis(fields, "queue_wait_ms");
        return place.checked(() -> new Result(outcome, errorType, latency, queueWait, false));
    }

    private static long millis(Fields fields, String member) {
        return fields.find(member)
                .map(value -> value.integer(0, DURATION_MILLIS_MAX))
                .orElse(0L);
    }

    /**
     * The use of a call for which amounts were held.
     *
     * @param held kept where nothing else is said; nothing for a call that failed, but that it was made
     * @param dimensions of the call as it turned out
     */
    Metered settled(Said said, Amounts held, Dimensions dimensions, Instant at) {
        var base = said.success()
                ? held
                : new Amounts(Quantities.ofTokens(held.quantities().requests(), 0, 0), Money.ZERO);
        if (said.response().isPresent()) {
            return reported(said, said.response().get(), base.quantities(), dimensions, at);
        }
        var quantities = said.named().over(base.quantities(), said.place());
        if (said.named().cost().isEmpty() && !said.named().namesTokens()) {
            return new Metered(
                    new Amounts(quantities, base.cost()),
                    Costing.tokens(quantities),
                    Optional.empty(),
                    Evidence.REPORTED);
        }
        return priced(said, quantities, base.cost(), dimensions, at);
    }

    /** The use of a call that nothing was held for. */
    Metered recorded(Said said, Dimensions dimensions, Instant at) {
        if (said.response().isPresent()) {
            return reported(said, said.response().get(), Quantities.ofTokens(1, 0, 0), dimensions, at);
        }
        long calls = ReservationEndpoints.isCall(said.named(), dimensions.provider(), dimensions.model());
        return priced(said, said.named().whole(calls, said.place()), Money.ZERO, dimensions, at);
    }

    /** @param otherwise the cost where none is named and the model has no price */
    private Metered priced(Said said, Quantities quantities, Money otherwise, Dimensions dimensions, Instant at) {
        var tokens = Costing.tokens(quantities);
        var named = said.named().cost();
        if (named.isPresent() || tokens.equals(TokenUsage.NONE)) {
            return new Metered(
                    new Amounts(quantities, named.orElse(otherwise)), tokens, Optional.empty(), Evidence.REPORTED);
        }
        var priced = costing.priced(dimensions, tokens, at);
        return new Metered(
                new Amounts(quantities, priced.cost().orElse(otherwise)),
                priced.tokens(),
                priced.receipt(),
                Evidence.REPORTED);
    }

    private Metered reported(
            Said said, ProviderResponses.Reported response, Quantities base, Dimensions dimensions, Instant at) {
        var use = response.use();
        var all = new LinkedHashMap<MeterKey, Long>(base.toMap());
        all.putAll(said.named().quantities());
        all.put(MeterKey.TOKENS_INPUT, use.totalInput());
        all.put(MeterKey.TOKENS_OUTPUT, use.totalOutput());
        all.put(MeterKey.TOKENS, use.totalInput() + use.totalOutput());
        var quantities = said.place().checked(() -> Quantities.of(all));
        var named = said.named().cost().or(response::cost);
        var priced = costing.tariff()
                .price(dimensions.provider(), response.model().orElse(null), dimensions.model(), use, at);
        var cost = named.or(priced::cost).orElse(Money.ZERO);
        // A cost that was named is the truth, also where it is not the price book's.
        var receipt = named.isPresent() ? Optional.<Receipt>empty() : priced.receipt();
        var parts = priced.parts().stream()
                .map(part -> named.isPresent() ? new MeteredPart(part.usage(), Optional.empty()) : part)
                .toList();
        return new Metered(new Amounts(quantities, cost), priced.tokens(), receipt, Evidence.PROVIDER, parts);
    }
}
