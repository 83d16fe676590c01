package dev.quotary.price;

import static dev.quotary.price.PriceFixtures.forEachSeed;
import static dev.quotary.price.PriceFixtures.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PriceProperties {
    private static final int SEEDS = 3000;
    private static final List<Component> PROMPT_KINDS =
            Component.TOKENS.stream().filter(Component::prompt).toList();
    private static final List<Component> WRITTEN_KINDS =
            Component.TOKENS.stream().filter(Component::written).toList();
    private static final List<ServiceTier> TIERS = List.of(ServiceTier.values());

    @Test
    void cost_without_lines_is_the_total_of_the_receipt() {
        forEachSeed(SEEDS, random -> {
            // Given
            var row = row(table(random));
            var usage = usage(random, count(random), count(random), fees(random));
            var tier = tier(random);
            var modifiers = modifiers(random);

            // When
            var cost = row.cost(usage, tier, modifiers);

            // Then
            assertThat(cost).isEqualTo(total(row.price(usage, tier, modifiers)));
        });
    }

    private static Optional<Money> total(Pricing pricing) {
        return switch (pricing) {
            case Pricing.Priced(var receipt) -> Optional.of(receipt.total());
            case Pricing.Unpriced _, Pricing.OverMaximum _ -> Optional.empty();
        };
    }

    /** Against the plainest arithmetic there is, on prices that are all declared. */
    @Test
    void cost_is_the_rounded_sum_of_products() {
        forEachSeed(SEEDS, random -> {
            // Given
            var prices = new EnumMap<Component, BigDecimal>(Component.class);
            var usage = usage(random, count(random), count(random), fees(random));
            var expected = BigDecimal.ZERO;
            for (var component : Component.values()) {
                var price = price(random);
                prices.put(component, price);
                expected = expected.add(
                        price.multiply(BigDecimal.valueOf(usage.of(component))).movePointLeft(6));
            }
            var rounded = expected.setScale(12, RoundingMode.HALF_UP);

            // When
            var cost = row(PriceTable.of(new UnitPrices(prices))).cost(usage, ServiceTier.STANDARD);

            // Then
            assertThat(cost.map(Money::dollars))
                    .isEqualTo(Optional.of(rounded).filter(dollars -> dollars.compareTo(Money.MAX.dollars()) <= 0));
        });
    }

    @Test
    void no_split_within_the_bound_costs_more_than_cost_max() {
        forEachSeed(SEEDS, random -> {
            // Given
            var row = row(table(random));
            long inputMax = count(random);
            long outputMax = count(random);
            var feesMax = fees(random);

            // When
            var most = row.costMax(UsageBound.of(inputMax, outputMax).withFees(feesMax));

            // Then
            for (int i = 0; i < 20; i++) {
                var usage = usage(random, upTo(random, inputMax), upTo(random, outputMax), feesMax);
                row.cost(usage, tier(random), modifiers(random))
                        .ifPresent(cost -> assertThat(cost).isLessThanOrEqualTo(most));
            }
        });
    }

    /** Tight: all tokens of one kind, at one tier, reach the bound that allows nothing else. */
    @Test
    void cost_max_of_one_kind_at_one_tier_is_its_cost_rounded_up() {
        forEachSeed(SEEDS, random -> {
            // Given
            var row = row(PriceTable.of(new UnitPrices(Map.of(Component.INPUT, price(random)))));
            long input = count(random);
            var others = EnumSet.complementOf(EnumSet.of(Component.INPUT));
            var bound = UsageBound.of(input, count(random)).without(others);

            // When
            var most = row.costMax(bound);

            // Then
            row.cost(TokenUsage.of(input, 0), ServiceTier.STANDARD)
                    .ifPresent(cost -> assertThat(most.picos() - cost.picos()).isBetween(0L, 1L));
        });
    }

    private static ServiceTier tier(RandomGenerator random) {
        return TIERS.get(random.nextInt(TIERS.size()));
    }

    /** Mostly sizes of real calls, now and then absurd ones that leave the quick way. */
    private static long count(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> random.nextLong(10);
            case 2, 3 -> random.nextLong(10_000);
            case 4 -> random.nextLong(2_000_000);
            default -> random.nextLong(TokenUsage.TOKENS_MAX);
        };
    }

    private static long upTo(RandomGenerator random, long most) {
        return random.nextBoolean() ? most : random.nextLong(most + 1);
    }

    /** Splits both sums over their kinds at random. */
    private static TokenUsage usage(RandomGenerator random, long input, long output, Fees most) {
        var usage = TokenUsage.builder();
        split(random, usage, PROMPT_KINDS, input);
        split(random, usage, WRITTEN_KINDS, output);
        for (var fee : Component.FEES) {
            usage.set(fee, upTo(random, most.of(fee)));
        }
        return usage.build();
    }

    private static void split(RandomGenerator random, TokenUsage.Builder usage, List<Component> kinds, long sum) {
        var rest = kinds.get(random.nextInt(kinds.size()));
        long left = sum;
        for (var kind : kinds) {
            long part = kind != rest && random.nextInt(3) == 0 ? upTo(random, left) : 0;
            usage.set(kind, part);
            left -= part;
        }
        usage.set(rest, left);
    }

    /** Few calls have fees. */
    private static Fees fees(RandomGenerator random) {
        var fees = Fees.NONE;
        for (var fee : Component.FEES) {
            fees = fees.with(fee, random.nextInt(4) == 0 ? count(random) : 0);
        }
        return random.nextBoolean() ? Fees.NONE : fees;
    }

    private static ModifierFactors factors(RandomGenerator random) {
        var factors = new EnumMap<Modifier, BigDecimal>(Modifier.class);
        for (var modifier : Modifier.values()) {
            if (random.nextInt(4) == 0) {
                factors.put(modifier, BigDecimal.valueOf(random.nextLong(1, 60), 1));
            }
        }
        return new ModifierFactors(factors);
    }

    private static Set<Modifier> modifiers(RandomGenerator random) {
        var modifiers = EnumSet.noneOf(Modifier.class);
        for (var modifier : Modifier.values()) {
            if (random.nextInt(4) == 0) {
                modifiers.add(modifier);
            }
        }
        return modifiers;
    }

    private static BigDecimal price(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> BigDecimal.ZERO;
            case 1 -> BigDecimal.valueOf(random.nextLong(1_000_000_000), 18);
            case 2 -> BigDecimal.valueOf(random.nextLong(1_000_000));
            default -> BigDecimal.valueOf(random.nextLong(1_000_000), random.nextInt(13));
        };
    }

    private static UnitPrices prices(RandomGenerator random) {
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        prices.put(Component.INPUT, price(random));
        for (var component : Component.values()) {
            if (random.nextInt(3) > 0) {
                prices.put(component, price(random));
            }
        }
        return new UnitPrices(prices);
    }

    private static PriceTable table(RandomGenerator random) {
        boolean hasLong = random.nextBoolean();
        var tiers = new EnumMap<ServiceTier, TierPrices>(
                Map.of(ServiceTier.STANDARD, new TierPrices(prices(random), longPrices(random, hasLong))));
        for (var tier : ServiceTier.values()) {
            if (tier != ServiceTier.STANDARD && random.nextBoolean()) {
                tiers.put(tier, new TierPrices(prices(random), longPrices(random, hasLong && random.nextBoolean())));
            }
        }
        var threshold = hasLong ? OptionalLong.of(random.nextLong(20_000)) : OptionalLong.empty();
        var table = new PriceTable(tiers, threshold, factors(random));
        return random.nextInt(3) == 0 ? table.adjusted(BigDecimal.valueOf(random.nextLong(3_000_000), 6)) : table;
    }

    private static Optional<UnitPrices> longPrices(RandomGenerator random, boolean present) {
        return present ? Optional.of(prices(random)) : Optional.empty();
    }
}
