package dev.quotary.price;

/**
 * The price book that comes with the product: OpenAI, Anthropic, Google and xAI, dated, with provenance, as of 22 November 2026.
 *
 * <p>Its data are {@code prices.csv} and {@code model-aliases.csv} beside this class; what they mean is told in {@link PriceSheet} and
 * {@link ModelFamilies}.
 */
public final class BuiltInPrices {
    private BuiltInPrices() {}

    /**
     * Reads the book anew; keep it, since each book remembers the names it was asked for.
     *
     * @throws IllegalStateException if the jar lacks the data
     * @throws IllegalArgumentException naming line and column, if the data is broken
     */
    public static PriceBook load() {
        var families = ModelFamilies.of(CsvTable.ofResource("model-aliases.csv", ModelFamilies.COLUMNS));
        return PriceBook.of(PriceSheet.rows(CsvTable.ofResource("prices.csv", PriceSheet.COLUMNS)), families);
    }
}
