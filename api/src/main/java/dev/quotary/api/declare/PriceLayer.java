package dev.quotary.api.declare;

import dev.quotary.price.Adjustment;
import dev.quotary.price.OwnPrices;
import dev.quotary.price.PriceRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operator's own prices by the keys of their items.
 *
 * @param unknownModels empty where none is declared
 */
record PriceLayer(Map<String, PriceRow> rows, Map<String, Adjustment> adjustments, Optional<PriceRow> unknownModels) {
    static final PriceLayer NONE = new PriceLayer(Map.of(), Map.of(), Optional.empty());

    PriceLayer {
        rows = Map.copyOf(rows);
        adjustments = Map.copyOf(adjustments);
    }

    OwnPrices prices() {
        return new OwnPrices(List.copyOf(rows.values()), List.copyOf(adjustments.values()), unknownModels);
    }
}
