package dev.quotary.api.prices;

import dev.quotary.api.prices.ImportedPrice.Change;
import dev.quotary.api.prices.PriceDraft.Part;
import dev.quotary.price.Component;
import dev.quotary.price.ServiceTier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is probably an error in a price file: proportions that no provider has, and large steps. */
final class Doubts {
    private static final BigDecimal WRITE_MAX = BigDecimal.valueOf(2);
    private static final BigDecimal PRIORITY_MAX = BigDecimal.valueOf(3);
    /** A step of as much is more often an error than a price. */
    private static final BigDecimal STEP = BigDecimal.valueOf(3);
    /** Published prices have fewer decimals per million; more come from rounding in binary. */
    private static final int DECIMALS_MAX = 9;

    private final PriceDraft draft;
    private final List<String> doubts = new ArrayList<>();

    private Doubts(PriceDraft draft) {
        this.draft = draft;
    }

    /**
     * @param changes from the book in force
     * @param known whether the book has a price for the model
     */
    static List<String> of(PriceDraft draft, List<Change> changes, boolean known) {
        var doubts = new Doubts(draft);
        draft.prices().forEach(doubts::proportions);
        doubts.priority();
        doubts.zeros();
        if (known) {
            changes.forEach(doubts::step);
        }
        return doubts.doubts;
    }

    private void proportions(Part part, Map<Component, BigDecimal> prices) {
        prices.forEach((component, price) -> {
            if (price.stripTrailingZeros().scale() > DECIMALS_MAX) {
                doubts.add(part + " " + component.key() + " of " + price.toPlainString() + " looks rounded in binary");
            }
        });
        var input = prices.get(Component.INPUT);
        if (input == null) {
            return;
        }
        var cached = prices.get(Component.CACHED_INPUT);
        if (cached != null && cached.compareTo(input) > 0) {
            doubts.add(part + " cached_input is dearer than input");
        }
        for (var write : List.of(Component.CACHE_WRITE_5M, Component.CACHE_WRITE_1H)) {
            var price = prices.get(write);
            if (price != null && !within(price, input, WRITE_MAX)) {
                doubts.add(part + " " + write.key() + " is not 1 to 2 times input");
            }
        }
    }

    private static boolean within(BigDecimal price, BigDecimal base, BigDecimal timesMax) {
        return price.compareTo(base) >= 0 && price.compareTo(base.multiply(timesMax)) <= 0;
    }

    private void priority() {
        for (boolean isLong : new boolean[] {false, true}) {
            var priority = new Part(ServiceTier.PRIORITY, isLong);
            var standard = new Part(ServiceTier.STANDARD, isLong);
            for (var component : Component.TOKENS) {
                var dear = draft.price(priority, component);
                var base = draft.price(standard, component);
                if (dear.isPresent() && base.isPresent() && !within(dear.get(), base.get(), PRIORITY_MAX)) {
                    doubts.add(priority + " " + component.key() + " is not 1 to 3 times standard");
                }
            }
            for (var tier : List.of(ServiceTier.BATCH, ServiceTier.FLEX)) {
                var cheap = new Part(tier, isLong);
                for (var component : Component.TOKENS) {
                    var price = draft.price(cheap, component);
                    var base = draft.price(standard, component);
                    if (price.isPresent() && base.isPresent() && price.get().compareTo(base.get()) > 0) {
                        doubts.add(cheap + " " + component.key() + " is dearer than standard");
                    }
                }
            }
        }
    }

    private void zeros() {
        draft.prices()
                .forEach((part, prices) -> prices.forEach((component, price) -> {
                    boolean expected = component == Component.OUTPUT && !draft.writes();
                    if (price.signum() == 0 && !expected) {
                        doubts.add(part + " " + component.key() + " is 0");
                    }
                }));
    }

    private void step(Change change) {
        if (change.before().isEmpty() || change.after().isEmpty()) {
            doubts.add(
                    change.before().isEmpty()
                            ? change.what() + " has no price in the book"
                            : change.what() + " has a price in the book and none in the file");
            return;
        }
        var before = change.before().get();
        var after = change.after().get();
        boolean large = before.signum() > 0
                && (after.compareTo(before.multiply(STEP)) >= 0 || before.compareTo(after.multiply(STEP)) >= 0);
        if (large) {
            doubts.add(change.what() + " changes by 3 times or more");
        }
    }
}
