package dev.quotary.price;

import dev.quotary.money.Money;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Every price of a model: by service tier, by length of the prompt, by component.
 *
 * <p>Only declared prices are kept apart; what applies where one is missing follows these rules, of which the common thought is that a
 * cost is never understated:
 *
 * <ul>
 *   <li>A cached prompt token without a price of its own costs as much as an uncached one. A cache write costs as much as an uncached
 *       token, a write with the long life as much as the dearer of an uncached token and a write with the default life.
 *   <li>Audio and output have no fall-back: where they have no price, the usage is {@linkplain Pricing.Unpriced unpriced}.
 *   <li>A tier without any price of its own is charged at the standard prices; the receipt says so.
 *   <li>A component that a tier, or the long context, leaves out costs the dearer of the fall-back above, taken among that tier's own
 *       prices, and the standard price.
 *   <li>A tier without long-context prices of its own, in a model that has them, costs per component the dearer of that tier's price
 *       and the standard long-context price.
 *   <li>Where every declared price is 0, every component is free, audio included.
 * </ul>
 *
 * <p>A prompt is long if the whole of it, cached tokens and all, has <em>more than</em> the threshold's tokens; the long prices then
 * apply to the whole request, output included. Immutable.
 */
public final class PriceTable {
    private final Map<ServiceTier, TierPrices> tiers;
    private final OptionalLong longContextOver;
    private final boolean free;
    private final long threshold;
    private final EnumMap<ServiceTier, TierRates> rates = new EnumMap<>(ServiceTier.class);

    /** What applies at one tier, after every fall-back. */
    private record TierRates(Rates normal, Rates longContext) {
        Rates at(boolean isLong) {
            return isLong ? longContext : normal;
        }
    }

    /**
     * @param tiers declared prices by tier, {@link ServiceTier#STANDARD} among them
     * @param longContextOver the number of prompt tokens up to which the normal prices hold; empty where they always do
     * @throws IllegalArgumentException if the standard prices are missing, or there are long-context prices without a threshold or a
     *     threshold without standard long-context prices
     */
    public PriceTable(Map<ServiceTier, TierPrices> tiers, OptionalLong longContextOver) {
        var copy = new EnumMap<ServiceTier, TierPrices>(ServiceTier.class);
        copy.putAll(tiers);
        this.tiers = Collections.unmodifiableMap(copy);
        this.longContextOver = longContextOver;
        this.threshold = longContextOver.orElse(Long.MAX_VALUE);
        var standard = checked(this.tiers.get(ServiceTier.STANDARD));
        this.free = this.tiers.values().stream().allMatch(TierPrices::free);
        var general = free ? new TierRates(Rates.FREE, Rates.FREE) : generalRates(standard);
        for (var tier : ServiceTier.values()) {
            rates.put(tier, rates(tier, general));
        }
    }

    /** Prices of the standard tier that hold whatever the length of the prompt. */
    public static PriceTable of(UnitPrices standard) {
        return new PriceTable(Map.of(ServiceTier.STANDARD, TierPrices.of(standard)), OptionalLong.empty());
    }

    private TierPrices checked(@Nullable TierPrices standard) {
        if (standard == null) {
            throw new IllegalArgumentException("expected prices of the standard tier, got " + tiers.keySet());
        }
        boolean anyLong =
                tiers.values().stream().anyMatch(tier -> tier.longContext().isPresent());
        if (anyLong && longContextOver.isEmpty()) {
            throw new IllegalArgumentException("expected a threshold for the long-context prices");
        }
        if (longContextOver.isPresent()
                && (threshold < 0 || standard.longContext().isEmpty())) {
            throw new IllegalArgumentException(
                    "expected standard long-context prices and a threshold of 0 or more, was " + threshold);
        }
        return standard;
    }

    private static TierRates generalRates(TierPrices standard) {
        var normal = Rates.of(standard.normal());
        return new TierRates(
                normal, standard.longContext().map(own -> Rates.of(own, normal)).orElse(normal));
    }

    private TierRates rates(ServiceTier tier, TierRates general) {
        @Nullable TierPrices own = tiers.get(tier);
        if (free || own == null || tier == ServiceTier.STANDARD) {
            return general;
        }
        var normal = Rates.of(own.normal(), general.normal);
        if (longContextOver.isEmpty()) {
            return new TierRates(normal, normal);
        }
        var dearest = Rates.dearer(normal, general.longContext);
        return new TierRates(
                normal,
                own.longContext().map(prices -> Rates.of(prices, dearest)).orElse(dearest));
    }

    private TierRates ratesOf(ServiceTier tier) {
        return Objects.requireNonNull(rates.get(tier), "every tier has rates");
    }

    /** The declared prices by tier. */
    public Map<ServiceTier, TierPrices> tiers() {
        return tiers;
    }

    /** The number of prompt tokens above which the long-context prices apply; empty where there are none. */
    public OptionalLong longContextOver() {
        return longContextOver;
    }

    /** Whether every declared price is 0. */
    public boolean free() {
        return free;
    }

    /** Whether units of a component have a price at the standard tier, their own or by fall-back; of 0 where it is free. */
    public boolean prices(Component component) {
        return ratesOf(ServiceTier.STANDARD).normal.prices(component);
    }

    boolean longContext(long promptTokens) {
        return promptTokens > threshold;
    }

    /** The tier whose prices a call pays that was served at {@code tier}. */
    ServiceTier priceTier(ServiceTier tier) {
        return tiers.containsKey(tier) ? tier : ServiceTier.STANDARD;
    }

    Rates rates(TokenUsage usage, ServiceTier tier) {
        return ratesOf(tier).at(longContext(usage.totalInput()));
    }

    Optional<Money> cost(TokenUsage usage, ServiceTier tier) {
        return rates(usage, tier).cost(usage);
    }

    /** A prompt that may be long may also turn out short, so both classes count. */
    Money costMax(UsageBound bound) {
        boolean mayBeLong = longContext(bound.input());
        var most = Money.ZERO;
        for (var tier : bound.tiers()) {
            most = dearer(most, ratesOf(tier).normal.costMax(bound));
            most = mayBeLong ? dearer(most, ratesOf(tier).longContext.costMax(bound)) : most;
        }
        return most;
    }

    private static Money dearer(Money one, Money other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PriceTable that
                && tiers.equals(that.tiers)
                && longContextOver.equals(that.longContextOver);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tiers, longContextOver);
    }

    @Override
    public String toString() {
        return "PriceTable[tiers=" + tiers + ", longContextOver=" + longContextOver + "]";
    }
}
