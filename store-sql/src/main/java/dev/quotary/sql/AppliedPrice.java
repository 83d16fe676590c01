package dev.quotary.sql;

import dev.quotary.money.Money;
import dev.quotary.price.Component;
import dev.quotary.price.Modifier;
import dev.quotary.price.Receipt;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a receipt says beyond the token buckets of its event: few of them price millions of events.
 *
 * @param rates in the order of the receipt's lines
 */
record AppliedPrice(
        String priceRow,
        ServiceTier tier,
        ServiceTier priceTier,
        boolean longContext,
        Map<Modifier, BigDecimal> modifiers,
        BigDecimal adjustment,
        Optional<String> served,
        List<Rate> rates) {
    /** Before the name of a modifier among the rates, which has a factor in the place of a price. */
    private static final String MODIFIER_MARK = "*";

    /** Named among the rates as no component is. */
    private static final String ADJUSTMENT = "+adjustment";

    private static final String SERVED = "+served";

    record Rate(Component component, BigDecimal unitPrice) {}

    /** @throws IllegalArgumentException if the receipt is not over these buckets, as it could not be given back then */
    static AppliedPrice of(Receipt receipt, TokenUsage tokens, Optional<String> served) {
        var rates = new ArrayList<Rate>(receipt.lines().size());
        for (var line : receipt.lines()) {
            if (line.quantity() != tokens.of(line.component())) {
                throw new IllegalArgumentException("expected a receipt over " + tokens.of(line.component()) + " "
                        + line.component().key() + ", was " + line.quantity());
            }
            rates.add(new Rate(line.component(), line.unitPrice()));
        }
        return new AppliedPrice(
                receipt.priceRow(),
                receipt.tier(),
                receipt.priceTier(),
                receipt.longContext(),
                receipt.modifiers(),
                receipt.adjustment(),
                served,
                rates);
    }

    /** Null where the event was not priced. */
    static @Nullable AppliedPrice readOrNull(Columns columns) throws SQLException {
        var reference = columns.numberOrNull();
        var priceRow = columns.textOrNull();
        var tier = columns.textOrNull();
        var priceTier = columns.textOrNull();
        boolean longContext = columns.flag();
        var rates = columns.textOrNull();
        if (priceRow == null || tier == null || priceTier == null || rates == null) {
            if (reference != null) {
                throw new IllegalStateException("applied price " + reference + " of an event is gone");
            }
            return null;
        }
        return parse(priceRow, tier, priceTier, longContext, rates);
    }

    /** From the keys of its tiers and its {@link #ratesText}. */
    static AppliedPrice parse(String priceRow, String tier, String priceTier, boolean longContext, String rates) {
        var words = Words.parse(rates);
        return new AppliedPrice(
                priceRow,
                tier(tier),
                tier(priceTier),
                longContext,
                modifiers(words),
                new BigDecimal(words.getOrDefault(ADJUSTMENT, "1")),
                Optional.ofNullable(words.get(SERVED)),
                rates(words));
    }

    /** The receipt of an event with these buckets: the arithmetic of {@link Receipt} once more, which checks itself. */
    Receipt receipt(TokenUsage tokens) {
        var lines = new ArrayList<Receipt.Line>(rates.size());
        var sum = BigDecimal.ZERO;
        for (var rate : rates) {
            long quantity = tokens.of(rate.component());
            var amount = rate.unitPrice().multiply(BigDecimal.valueOf(quantity));
            lines.add(new Receipt.Line(rate.component(), quantity, rate.unitPrice(), amount));
            sum = sum.add(amount);
        }
        var total = Money.rounded(sum.setScale(Money.SCALE, RoundingMode.HALF_UP));
        return new Receipt(priceRow, tier, priceTier, longContext, modifiers, adjustment, lines, total);
    }

    /** Everything from the modifiers on in one column; empty for a price at which nothing had to be paid. */
    String ratesText() {
        var words = new LinkedHashMap<String, String>();
        if (adjustment.compareTo(BigDecimal.ONE) != 0) {
            words.put(ADJUSTMENT, adjustment.toPlainString());
        }
        served.ifPresent(model -> words.put(SERVED, model));
        modifiers.forEach((modifier, factor) -> words.put(MODIFIER_MARK + modifier.key(), factor.toPlainString()));
        rates.forEach(rate -> words.put(rate.component().key(), rate.unitPrice().toPlainString()));
        return Objects.requireNonNullElse(Words.of(words), "");
    }

    private static Map<Modifier, BigDecimal> modifiers(Map<String, String> words) {
        var modifiers = new EnumMap<Modifier, BigDecimal>(Modifier.class);
        words.forEach((name, factor) -> {
            if (name.startsWith(MODIFIER_MARK)) {
                modifiers.put(modifier(name.substring(MODIFIER_MARK.length())), new BigDecimal(factor));
            }
        });
        return modifiers;
    }

    static Modifier modifier(String key) {
        return Modifier.ofKey(key)
                .orElseThrow(() -> new IllegalStateException("the ledger names the unknown modifier '" + key + "'"));
    }

    private static List<Rate> rates(Map<String, String> words) {
        var rates = new ArrayList<Rate>();
        words.forEach((name, price) -> {
            if (!name.startsWith(MODIFIER_MARK) && !name.equals(ADJUSTMENT) && !name.equals(SERVED)) {
                rates.add(new Rate(MoreUsage.component(name), new BigDecimal(price)));
            }
        });
        return rates;
    }

    private static ServiceTier tier(String key) {
        return ServiceTier.valueOf(key.toUpperCase(Locale.ROOT));
    }
}
