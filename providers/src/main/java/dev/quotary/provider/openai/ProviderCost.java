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
        return usage.decimal("cost");
    }
}
