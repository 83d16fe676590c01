package dev.quotary.provider.openai;

import java.math.BigDecimal;
import java.util.Optional;

/** What a provider says that it charged for a call: xAI in ticks, OpenRouter in dollars. */
public final class ProviderCost {
    /** xAI counts money in ticks of 10<sup>-10</sup> USD. */
    private static final int TICK_DECIMALS = 10;

    private ProviderCost() {}

    /** Empty where a usage names no cost. */
    public static Optional<BigDecimal> read(UsageTree usage) {
        if (usage.has("cost_in_usd_ticks")) {
            return Optional.of(BigDecimal.valueOf(usage.count("cost_in_usd_ticks"), TICK_DECIMALS));
        }
        return usage.decimal("cost").flatMap(cost -> whole(usage, cost));
    }

    /** Where a client's own key at the provider is used, OpenRouter charges a fee, and the provider charges the rest beside it. */
    private static Optional<BigDecimal> whole(UsageTree usage, BigDecimal cost) {
        return usage.truth("is_byok")
                ? usage.decimal("cost_details.upstream_inference_cost").map(cost::add)
                : Optional.of(cost);
    }
}
