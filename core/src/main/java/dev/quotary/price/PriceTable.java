package dev.quotary.price;

import dev.quotary.money.Money;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
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
 *   <li>Audio, images, output and fees have no fall-back: where they have no price, the usage is {@linkplain Pricing.Unpriced unpriced}.
 *       Only the call itself costs nothing unless a price is declared for it.
 *   <li>A modifier multiplies the prices of tokens, after all of this; without a factor the usage is unpriced.
 *   <li>A tier without any price of its own is charged at the standard prices; the receipt says so.
 *   <li>A component that a tier, or the long context, leaves out costs the dearer of the fall-back above, taken among that tier's own
 *       prices, and the standard price.
 *   <li>A tier without long-context prices of its own, in a model that has them, costs per component the dearer of that tier's price
 *       and the standard long-context price.
 *   <li>Where every declared price is 0, every component is free, audio and fees included.
 * </ul>
 *
 * <p>A prompt is long if the whole of it, cached tokens and all, has <em>more than</em> the threshold's tokens; the long prices then
 * apply to the whole request, output included. Immutable.
 */
public final class PriceTable {
    private final Map<ServiceTier, TierPrices> tiers;
    private final OptionalLong longContextOver;
    private final ModifierFactors modifiers;
    private final BigDecimal adjustment;
    private final boolean free;
    private final long threshold;
    private final EnumMap<ServiceTier, TierRates> rates = new EnumMap<>(ServiceTier.class);
    /** The same under every combination of modifiers that has factors. */
    private final Map<Set<Modifier>, EnumMap<ServiceTier, TierRates>> modified = new HashMap<>();

    /** What applies at one tier, after every fall-back. */
    private record TierRates(Rates normal, Rates longContext) {
        Rates at(boolean isLong) {
            return isLong ? longContext : normal;
        }

        TierRates times(BigDecimal factor) {
            return new TierRates(normal.times(factor), longContext.times(factor));
        }

        TierRates timesAll(BigDecimal factor) {
            return new TierRates(normal.timesAll(factor), longContext.timesAll(factor));
        }
    }

    /** Prices that know no modifiers. */
    public PriceTable(Map<ServiceTier, TierPrices> tiers, OptionalLong longContextOver) {
        this(tiers, longContextOver, ModifierFactors.NONE);
    }

    /**
     * @param tiers declared prices by tier, {@link ServiceTier#STANDARD} among them
     * @param longContextOver the number of prompt tokens up to which the normal prices hold; empty where they always do
     * @param modifiers by what the prices of tokens are multiplied, under which circumstances
     * @throws IllegalArgumentException if the standard prices are missing, or there are long-context prices without a threshold or a
     *     threshold without standard long-context prices
     */
    public PriceTable(Map<ServiceTier, TierPrices> tiers, OptionalLong longContextOver, ModifierFactors modifiers) {
        this(tiers, longContextOver, modifiers, BigDecimal.ONE);
    }

    /** @param adjustment what every price is multiplied by in the end, fees included */
    private PriceTable(
            Map<ServiceTier, TierPrices> tiers,
            OptionalLong longContextOver,
            ModifierFactors modifiers,
            BigDecimal adjustment) {
        var copy = new EnumMap<ServiceTier, TierPrices>(ServiceTier.class);
        copy.putAll(tiers);
        this.tiers = Collections.unmodifiableMap(copy);
        this.longContextOver = longContextOver;
        this.modifiers = modifiers;
        this.adjustment = adjustment;
        this.threshold = longContextOver.orElse(Long.MAX_VALUE);
        var standard = checked(this.tiers.get(ServiceTier.STANDARD));
        this.free = this.tiers.values().stream().allMatch(TierPrices::free);
        var general = free ? new TierRates(Rates.FREE, Rates.FREE) : generalRates(standard);
        for (var tier : ServiceTier.values()) {
            rates.put(tier, rates(tier, general).timesAll(adjustment));
        }
        for (var combination : modifiers.combinations()) {
            var factor = modifiers.product(combination);
            var multiplied = new EnumMap<ServiceTier, TierRates>(ServiceTier.class);
            rates.forEach((tier, plain) -> multiplied.put(tier, plain.times(factor)));
            modified.put(combination, multiplied);
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

    /** @param applied modifiers that all have a factor */
    private TierRates ratesOf(ServiceTier tier, Set<Modifier> applied) {
        if (applied.isEmpty()) {
            return ratesOf(tier);
        }
        var multiplied = Objects.requireNonNull(modified.get(applied), "every declared combination has rates");
        return Objects.requireNonNull(multiplied.get(tier), "every tier has rates");
    }

    /** These prices under the same modifiers as others. */
    PriceTable withModifiers(ModifierFactors factors) {
        return new PriceTable(tiers, longContextOver, factors, adjustment);
    }

    /** The same with prices of fees where it names none; as it is where everything is free. */
    PriceTable withFees(Map<Component, BigDecimal> fees) {
        if (free || fees.isEmpty()) {
            return this;
        }
        var more = new EnumMap<>(tiers);
        more.computeIfPresent(
                ServiceTier.STANDARD,
                (_, standard) -> new TierPrices(standard.normal().orElse(fees), standard.longContext()));
        return new PriceTable(more, longContextOver, modifiers, adjustment);
    }

    /** The same with every price multiplied, fees included, on top of how they are adjusted already. */
    PriceTable adjusted(BigDecimal factor) {
        return factor.compareTo(BigDecimal.ONE) == 0
                ? this
                : new PriceTable(tiers, longContextOver, modifiers, UnitPrices.plain(adjustment.multiply(factor)));
    }

    /** What every price is multiplied by because of discounts and mark-ups; 1 for none. */
    public BigDecimal adjustment() {
        return adjustment;
    }

    /** By what the prices are multiplied, under which circumstances. */
    public ModifierFactors modifiers() {
        return modifiers;
    }

    /** Whether the call itself has a price. */
    boolean chargesRequests() {
        return ratesOf(ServiceTier.STANDARD).normal.charges(Component.REQUESTS);
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

    /** @param applied modifiers that all have a factor */
    Rates rates(TokenUsage usage, ServiceTier tier, Set<Modifier> applied) {
        return ratesOf(tier, applied).at(longContext(usage.totalInput()));
    }

    /** A prompt that may be long may also turn out short, so both classes count. */
    Money costMax(UsageBound bound) {
        boolean mayBeLong = longContext(bound.input());
        var most = Money.ZERO;
        for (var tier : bound.tiers()) {
            most = dearer(most, costMax(ratesOf(tier), bound, mayBeLong));
        }
        for (var combination : modified.entrySet()) {
            if (bound.modifiers().containsAll(combination.getKey())) {
                for (var tier : bound.tiers()) {
                    var rates = Objects.requireNonNull(combination.getValue().get(tier), "every tier has rates");
                    most = dearer(most, costMax(rates, bound, mayBeLong));
                }
            }
        }
        return most;
    }

    private static Money costMax(TierRates rates, UsageBound bound, boolean mayBeLong) {
        var most = rates.normal.costMax(bound);
        return mayBeLong ? dearer(most, rates.longContext.costMax(bound)) : most;
    }

    private static Money dearer(Money one, Money other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PriceTable that
                && tiers.equals(that.tiers)
                && longContextOver.equals(that.longContextOver)
                && modifiers.equals(that.modifiers)
                && adjustment.equals(that.adjustment);
    }

    @Override
    public int hashCode() {
        return Objects.hash(tiers, longContextOver, modifiers, adjustment);
    }

    @Override
    public String toString() {
        return "PriceTable[tiers=" + tiers + ", longContextOver=" + longContextOver + ", modifiers="
                + modifiers.factors() + "]";
    }
}
