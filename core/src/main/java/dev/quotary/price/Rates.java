package dev.quotary.price;

import dev.quotary.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The prices that apply to one service tier and context class, after every fall-back: what a cost is computed from.
 *
 * <p>Each cost is computed twice over: quickly with longs where every product fits, else exactly with decimals. Both ways give the same
 * picodollar; {@code PriceProperties} proves it. A quick answer below 0 means "not this way".
 */
final class Rates {
    private static final Component[] COMPONENTS = Component.values();
    private static final Component[] TOKENS = Component.TOKENS.toArray(Component[]::new);
    private static final long NOT_QUICKLY = -1;

    /** Everything at 0, audio included: what is free is free whatever its components. */
    static final Rates FREE = new Rates(zeros());

    private final EnumMap<Component, UnitPrice> prices = new EnumMap<>(Component.class);

    private Rates(Map<Component, BigDecimal> perMillion) {
        perMillion.forEach((component, price) -> prices.put(component, UnitPrice.of(price)));
    }

    private Map<Component, BigDecimal> perMillion() {
        var perMillion = new EnumMap<Component, BigDecimal>(Component.class);
        prices.forEach((component, price) -> perMillion.put(component, price.perMillion()));
        return perMillion;
    }

    private static Map<Component, BigDecimal> zeros() {
        var zeros = new EnumMap<Component, BigDecimal>(Component.class);
        for (var component : COMPONENTS) {
            zeros.put(component, BigDecimal.ZERO);
        }
        return zeros;
    }

    /** What applies where only {@code own} is declared. */
    static Rates of(UnitPrices own) {
        return resolve(own, Map.of());
    }

    /**
     * What applies where {@code own} is declared for a special case of {@code general}: a component that it leaves out costs its own
     * fall-back or the general price, whichever is dearer.
     */
    static Rates of(UnitPrices own, Rates general) {
        return resolve(own, general.perMillion());
    }

    /** The dearer price of each component. */
    static Rates dearer(Rates one, Rates other) {
        var dearer = one.perMillion();
        other.perMillion().forEach((component, price) -> dearer.merge(component, price, BigDecimal::max));
        return new Rates(dearer);
    }

    private static Rates resolve(UnitPrices own, Map<Component, BigDecimal> general) {
        var resolved = new EnumMap<Component, BigDecimal>(Component.class);
        for (var component : COMPONENTS) {
            @Nullable BigDecimal declared = own.perMillion().get(component);
            @Nullable BigDecimal price =
                    declared != null ? declared : max(fallback(own.perMillion(), component), general.get(component));
            if (price != null) {
                resolved.put(component, price);
            }
        }
        return new Rates(resolved);
    }

    /**
     * What an undeclared component costs among declared ones. Audio and images are never taken for text: they may cost many times as
     * much. The call itself costs nothing unless somebody says so.
     */
    private static @Nullable BigDecimal fallback(Map<Component, BigDecimal> own, Component component) {
        return switch (component) {
            case CACHED_INPUT, CACHE_WRITE_5M -> own.get(Component.INPUT);
            case CACHE_WRITE_1H -> max(own.get(Component.INPUT), own.get(Component.CACHE_WRITE_5M));
            case REQUESTS -> BigDecimal.ZERO;
            case INPUT,
                    INPUT_AUDIO,
                    INPUT_IMAGE,
                    OUTPUT,
                    OUTPUT_AUDIO,
                    OUTPUT_IMAGE,
                    WEB_SEARCHES,
                    SEARCH_QUERIES,
                    FILE_SEARCHES,
                    AUDIO_SECONDS,
                    IMAGES,
                    CHARACTERS -> null;
        };
    }

    /** The dearer of two prices, either of which may be missing. */
    private static @Nullable BigDecimal max(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.max(other);
    }

    /** The same with every price of tokens multiplied. */
    Rates times(BigDecimal factor) {
        var products = perMillion();
        products.replaceAll((component, price) -> component.token() ? price.multiply(factor) : price);
        return new Rates(products);
    }

    /** The same with every price multiplied. */
    Rates timesAll(BigDecimal factor) {
        var products = perMillion();
        products.replaceAll((_, price) -> price.multiply(factor));
        return new Rates(products);
    }

    boolean prices(Component component) {
        return prices.containsKey(component);
    }

    /** Whether a component has a price other than 0. */
    boolean charges(Component component) {
        @Nullable UnitPrice price = prices.get(component);
        return price != null && price.perMillion().signum() > 0;
    }

    /** The components that were used but have no price. */
    Set<Component> unpriced(TokenUsage usage) {
        var unpriced = EnumSet.noneOf(Component.class);
        for (var component : COMPONENTS) {
            if (usage.of(component) > 0 && !prices(component)) {
                unpriced.add(component);
            }
        }
        return unpriced;
    }

    /** The cost rounded as {@link Receipt} rounds it; empty if a used component has no price, or the sum is over {@link Money#MAX}. */
    Optional<Money> cost(TokenUsage usage) {
        long picos = quickCost(usage);
        if (picos >= 0) {
            return Optional.of(new Money(picos));
        }
        return unpriced(usage).isEmpty() ? Receipt.total(lines(usage)) : Optional.empty();
    }

    private long quickCost(TokenUsage usage) {
        long femtos = 0;
        for (var component : usage.fees().none() ? TOKENS : COMPONENTS) {
            long count = usage.of(component);
            if (count > 0) {
                @Nullable UnitPrice price = prices.get(component);
                if (price == null || count > price.countMax()) {
                    return NOT_QUICKLY;
                }
                femtos += count * price.femtos();
            }
        }
        return (femtos + UnitPrice.FEMTOS_PER_PICO / 2) / UnitPrice.FEMTOS_PER_PICO;
    }

    /** One line for each used component whose price is not 0. */
    List<Receipt.Line> lines(TokenUsage usage) {
        var lines = new ArrayList<Receipt.Line>();
        for (var component : COMPONENTS) {
            long count = usage.of(component);
            @Nullable UnitPrice price = prices.get(component);
            if (count > 0 && price != null && price.perMillion().signum() > 0) {
                lines.add(new Receipt.Line(component, count, price.perUnit(), price.amount(count)));
            }
        }
        return lines;
    }

    /** The most that any priced usage within the bound can cost at these rates, rounded up; at most {@link Money#MAX}. */
    Money costMax(UsageBound bound) {
        long picos = quickCostMax(bound);
        return picos >= 0 ? new Money(picos) : exactCostMax(bound);
    }

    private long quickCostMax(UsageBound bound) {
        long prompt = 0;
        long written = 0;
        long fees = 0;
        for (var component : COMPONENTS) {
            @Nullable UnitPrice price = prices.get(component);
            long count = bound.of(component);
            if (price != null && count > 0) {
                if (count > price.countMax()) {
                    return NOT_QUICKLY;
                }
                long femtos = count * price.femtos();
                prompt = component.prompt() ? Math.max(prompt, femtos) : prompt;
                written = component.written() ? Math.max(written, femtos) : written;
                fees += component.token() ? 0 : femtos;
            }
        }
        return (prompt + written + fees + UnitPrice.FEMTOS_PER_PICO - 1) / UnitPrice.FEMTOS_PER_PICO;
    }

    private Money exactCostMax(UsageBound bound) {
        var prompt = BigDecimal.ZERO;
        var written = BigDecimal.ZERO;
        var fees = BigDecimal.ZERO;
        for (var component : COMPONENTS) {
            @Nullable UnitPrice price = prices.get(component);
            if (price != null) {
                var amount = price.amount(bound.of(component));
                prompt = component.prompt() ? prompt.max(amount) : prompt;
                written = component.written() ? written.max(amount) : written;
                fees = component.token() ? fees : fees.add(amount);
            }
        }
        var most = prompt.add(written).add(fees).setScale(Money.SCALE, RoundingMode.CEILING);
        return most.compareTo(Money.MAX.dollars()) > 0 ? Money.MAX : Money.ofDollars(most);
    }
}
