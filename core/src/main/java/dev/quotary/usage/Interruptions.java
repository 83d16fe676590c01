package dev.quotary.usage;

import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.TokenUsage;
import java.util.List;

/**
 * What a gateway call is settled with when the server stopped while it was running: the provider may have billed it, and nobody saw
 * how it ended.
 *
 * <p>The estimate: the request, and a quarter of the input that was held for it, which is an upper bound of one token per byte while
 * text has about four bytes a token; no output, as nothing is known of it. It is marked as an estimate.
 */
public final class Interruptions {
    private static final int BYTES_PER_TOKEN = 4;

    private Interruptions() {}

    public static Commitment commitment(Hold hold, Tariff tariff) {
        var held = hold.amounts().quantities();
        long input = held.tokensInput() / BYTES_PER_TOKEN;
        var usage = TokenUsage.of(input, 0);
        var dimensions = hold.call().dimensions();
        var names = ModelNames.of(dimensions.provider(), dimensions.model(), null);
        var priced = tariff.price(hold.call().organization(), names, Use.of(usage), hold.admittedAt());
        var amounts = new Amounts(
                Quantities.ofTokens(held.requests(), input, 0), priced.cost().orElse(Money.ZERO));
        return new Commitment(
                new Metered(
                        amounts,
                        priced.tokens(),
                        priced.receipt(),
                        Evidence.ESTIMATE,
                        List.of(),
                        priced.facts(names, Use.of(usage), amounts.cost(), CostBasis.UNPRICED)),
                new Result(Outcome.INTERRUPTED, "server_stopped", 0, hold.queueWaitMillis(), false),
                dimensions,
                "",
                0);
    }
}
