package dev.quotary.price;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What somebody lays over a price book: an operator over the built-in one, an organization over the operator's.
 *
 * @param rows prices that stand as they are, whatever is adjusted
 * @param adjustments of all prices below; for each model the closest one counts, alone
 * @param unknownModels the price of models that nothing has a price for; empty where they have none
 */
public record OwnPrices(List<PriceRow> rows, List<Adjustment> adjustments, Optional<PriceRow> unknownModels) {
    public static final OwnPrices NONE = new OwnPrices(List.of(), List.of(), Optional.empty());

    /** Most rows of one layer. */
    public static final int ROWS_MAX = 10_000;

    /** Most adjustments of one layer: each is looked at when a model is seen for the first time. */
    public static final int ADJUSTMENTS_MAX = 1_000;

    /** What the pattern of a price for unknown models says. */
    public static final ModelPattern UNKNOWN = new ModelPattern("any", "*");

    public OwnPrices {
        if (rows.size() > ROWS_MAX || adjustments.size() > ADJUSTMENTS_MAX) {
            throw new IllegalArgumentException(
                    "expected at most " + ROWS_MAX + " prices and " + ADJUSTMENTS_MAX + " adjustments");
        }
        rows = List.copyOf(rows);
        adjustments = List.copyOf(adjustments);
        var scopes = new TreeSet<String>();
        for (var adjustment : adjustments) {
            var scope = adjustment.provider().orElse("*") + "/" + adjustment.model() + "@"
                    + adjustment.period().start();
            if (!scopes.add(scope)) {
                throw new IllegalArgumentException("expected one adjustment for " + scope);
            }
        }
    }

    /** Only prices. */
    public static OwnPrices of(List<PriceRow> rows) {
        return new OwnPrices(rows, List.of(), Optional.empty());
    }

    /** Whether a row is one of these. */
    boolean has(PriceRow row) {
        return rows.stream().anyMatch(own -> own.id().equals(row.id()));
    }

    /** Whether nothing is laid over. */
    public boolean none() {
        return rows.isEmpty() && adjustments.isEmpty() && unknownModels.isEmpty();
    }

    /** The adjustments that may hold for a model of these names, the closest first; of one scope the one that began last. */
    List<Adjustment> adjustmentsOf(String provider, Iterable<String> names) {
        return adjustments.stream()
                .filter(adjustment -> matchesAny(adjustment, provider, names))
                .sorted(OwnPrices::order)
                .toList();
    }

    private static int order(Adjustment one, Adjustment other) {
        int closest = Adjustment.closestFirst(one, other);
        return closest == 0 ? other.period().start().compareTo(one.period().start()) : closest;
    }

    private static boolean matchesAny(Adjustment adjustment, String provider, Iterable<String> names) {
        for (var name : names) {
            if (adjustment.matches(provider, name)) {
                return true;
            }
        }
        return false;
    }
}
