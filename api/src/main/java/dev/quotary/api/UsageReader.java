package dev.quotary.api;

import dev.quotary.catalog.Catalog;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.CostFacts;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import dev.quotary.usage.Use;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Reads what was used, as commit and record are told it, and prices it. */
final class UsageReader {
    private static final Outcome[] OUTCOMES = {Outcome.SUCCESS, Outcome.ERROR, Outcome.CANCELLED};
    private static final long DURATION_MILLIS_MAX = 1_000L * 3600 * 24 * 366;

    private static final Amounts ONE_CALL = new Amounts(Quantities.ofTokens(1, 0, 0), Money.ZERO);

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

    /** A call with what a reported answer says of it, as far as the caller did not. */
    Costing.Model told(Said said, Costing.Model model) {
        return said.response().isPresent() ? costing.told(model, said.response().get()) : model;
    }

    /**
     * The use of a call for which amounts were held.
     *
     * @param held kept where nothing else is said; nothing for a call that failed, but that it was made
     * @param model of the call as it turned out
     */
    Metered settled(Said said, Amounts held, Costing.Model model) {
        var base = said.success()
                ? held
                : new Amounts(Quantities.ofTokens(held.quantities().requests(), 0, 0), Money.ZERO);
        if (said.response().isPresent()) {
            return reported(said, said.response().get(), base, model);
        }
        var quantities = said.named().over(base.quantities(), said.place());
        if (said.named().cost().isEmpty() && !said.named().namesTokens()) {
            return new Metered(
                    new Amounts(quantities, base.cost()),
                    Costing.tokens(quantities),
                    Optional.empty(),
                    Evidence.REPORTED,
                    List.of(),
                    CostFacts.of(said.success() ? CostBasis.HELD : CostBasis.UNTOLD));
        }
        return priced(said, new Amounts(quantities, base.cost()), model);
    }

    /** The use of a call that nothing was held for. */
    Metered recorded(Said said, Costing.Model model) {
        if (said.response().isPresent()) {
            return reported(said, said.response().get(), ONE_CALL, model);
        }
        long calls = ReservationEndpoints.isCall(
                said.named(), model.dimensions().provider(), model.dimensions().model());
        return priced(said, new Amounts(said.named().whole(calls, said.place()), Money.ZERO), model);
    }

    /** @param otherwise the cost in it stands where none is named and the model has no price */
    private Metered priced(Said said, Amounts otherwise, Costing.Model model) {
        var quantities = otherwise.quantities();
        var tokens = Costing.tokens(quantities);
        var named = said.named().cost();
        if (named.isPresent() || tokens.equals(TokenUsage.NONE)) {
            return new Metered(
                    new Amounts(quantities, named.orElse(otherwise.cost())),
                    tokens,
                    Optional.empty(),
                    Evidence.REPORTED,
                    List.of(),
                    CostFacts.of(named.isPresent() ? CostBasis.NAMED : CostBasis.UNTOLD));
        }
        var use = Use.of(tokens);
        var priced = costing.priced(model, use, null);
        var cost = priced.cost().orElse(otherwise.cost());
        return new Metered(
                new Amounts(quantities, cost),
                priced.tokens(),
                priced.receipt(),
                Evidence.REPORTED,
                List.of(),
                priced.facts(model.names(null), use, cost, unpriced(cost)));
    }

    private static CostBasis unpriced(Money cost) {
        return cost.equals(Money.ZERO) ? CostBasis.UNPRICED : CostBasis.HELD;
    }

    private Metered reported(Said said, ProviderResponses.Reported response, Amounts base, Costing.Model model) {
        var use = response.use();
        var amounts = quantities(said, use, base.quantities());
        var served = response.model().orElse(null);
        var names = model.names(served);
        var priced = costing.priced(model, use, served);
        if (said.named().cost().isPresent()) {
            // A cost that was named is the truth, also where it is not the price book's.
            return new Metered(
                    new Amounts(amounts, said.named().cost().get()),
                    priced.tokens(),
                    Optional.empty(),
                    Evidence.PROVIDER,
                    unpriced(priced.parts()),
                    CostFacts.of(CostBasis.NAMED));
        }
        if (response.cost().isPresent()) {
            var stated = response.cost().get();
            var cost = costing.tariff()
                    .charged(model.organization(), names, stated.dollars(), model.at())
                    .or(priced::cost)
                    .orElse(stated);
            return new Metered(
                    new Amounts(amounts, cost),
                    priced.tokens(),
                    Optional.empty(),
                    Evidence.PROVIDER,
                    unpriced(priced.parts()),
                    priced.stated(names, use, cost, stated));
        }
        var cost = priced.cost().orElse(base.cost());
        return new Metered(
                new Amounts(amounts, cost),
                priced.tokens(),
                priced.receipt(),
                Evidence.PROVIDER,
                priced.parts(),
                priced.facts(names, use, cost, unpriced(cost)));
    }

    private static Quantities quantities(Said said, Use use, Quantities base) {
        var all = new LinkedHashMap<MeterKey, Long>(base.toMap());
        all.putAll(said.named().quantities());
        all.put(MeterKey.TOKENS_INPUT, use.totalInput());
        all.put(MeterKey.TOKENS_OUTPUT, use.totalOutput());
        all.put(MeterKey.TOKENS, use.totalInput() + use.totalOutput());
        return said.place().checked(() -> Quantities.of(all));
    }

    private static List<MeteredPart> unpriced(List<MeteredPart> parts) {
        return parts.stream()
                .map(part -> new MeteredPart(part.usage(), Optional.empty()))
                .toList();
    }
}
