package dev.quotary.analytics.advice;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What could be paid less for one use. Amounts are US dollars.
 *
 * @param listed what it costs by the price book in force, without prices for long prompts; empty for a model without prices. Others are
 *     compared with this
 * @param models of the same line that cost less, the cheapest first
 * @param tiers at which the model itself costs less
 * @param cache what a cache does for its prompts; empty where the model has no price for it
 */
public record Advice(
        ModelUse use, Optional<BigDecimal> listed, List<Cheaper> models, List<Cheaper> tiers, Optional<Cache> cache) {
    public Advice {
        models = List.copyOf(models);
        tiers = List.copyOf(tiers);
    }

    /**
     * The same tokens for less.
     *
     * @param what a model, or a service tier
     * @param cost of the same tokens
     */
    public record Cheaper(String what, BigDecimal cost, BigDecimal saving) {}

    /**
     * Prompts and their cache.
     *
     * @param percent of the tokens of prompts that came from a cache
     * @param saved what these cost less than without a cache
     * @param halfOfRest what would cost less if half of the other uncached tokens came from it as well
     */
    public record Cache(int percent, BigDecimal saved, BigDecimal halfOfRest) {}
}
