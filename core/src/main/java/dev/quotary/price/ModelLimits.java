package dev.quotary.price;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The most tokens that models can write in one answer, reasoning included: what a call that names no maximum may cost.
 *
 * <p>The built-in numbers ({@code model-limits.csv} beside this class) are general knowledge and not verified; where sources differ the
 * larger number stands, since it is used as an upper bound. Immutable.
 */
public final class ModelLimits {
    private static final List<String> COLUMNS = List.of("provider", "model", "output_tokens_max", "source");

    private final ModelIndex<Long> index;
    private final ModelFamilies families;

    private ModelLimits(ModelIndex<Long> index, ModelFamilies families) {
        this.index = index;
        this.families = families;
    }

    /**
     * Reads the built-in limits anew.
     *
     * @throws IllegalStateException if the jar lacks the data
     * @throws IllegalArgumentException naming line and column, if the data is broken
     */
    public static ModelLimits builtIn() {
        var families = ModelFamilies.of(CsvTable.ofResource("model-aliases.csv", ModelFamilies.COLUMNS));
        return of(CsvTable.ofResource("model-limits.csv", COLUMNS), families);
    }

    private static ModelLimits of(CsvTable table, ModelFamilies families) {
        var limits = table.read(ModelLimits::limit).stream()
                .collect(Collectors.toMap(Limit::pattern, limit -> List.of(limit.outputTokensMax)));
        return new ModelLimits(new ModelIndex<>(limits), families);
    }

    private record Limit(ModelPattern pattern, Long outputTokensMax) {}

    private static Limit limit(CsvTable.Row row) {
        var pattern = new ModelPattern(row.text("provider"), row.text("model"));
        return new Limit(pattern, row.required("output_tokens_max", Long::valueOf));
    }

    /**
     * The most tokens that the requested model can write; 0 for one that writes none, such as an embedding model.
     *
     * @return empty for a model that is not known
     */
    public OptionalLong outputTokensMax(ModelNames names) {
        return index.find(names.provider(), families.namesOf(names.provider(), names.requested())).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }
}
