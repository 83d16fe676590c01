package dev.quotary.price;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Dated prices of many models, in layers: what an operator declares lies over the built-in book.
 *
 * <p>A model is looked up under the name that was served, then under the name that was requested. For each name the layers are asked
 * from the top, and within a layer: the exact name; the name that it is an alias or a snapshot of ({@code gpt-4-0613} is a
 * {@code gpt-4}; the endings are a closed list, never just a common beginning); then patterns, the longest beginning first. Of the rows
 * found that way the first in effect at the given instant applies, within one pattern the one that began last. What is priced alike for
 * many models, such as fees for searches, completes the row that is found.
 *
 * <p>Immutable but for a memory of the names asked for, which holds at most {@link #MEMORY_MAX} of them: names come from callers, who
 * may invent as many as they like. Safe for many threads; a look-up of a remembered name takes no lock.
 */
public final class PriceBook {
    /** How many names are remembered; the next one empties the memory, which costs each name one look-up anew. */
    static final int MEMORY_MAX = 1024;

    private static final Comparator<PriceRow> NEWEST_FIRST =
            (one, other) -> other.period().start().compareTo(one.period().start());

    private final List<Layer> layers;
    private final ModelFamilies families;
    private final Supplements supplements;
    private final Map<String, PriceRow> byId;
    private final ConcurrentHashMap<Name, Resolved> memory = new ConcurrentHashMap<>();

    /** The rows of what was laid over, by model. */
    private record Layer(OwnPrices own, ModelIndex<PriceRow> index) {}

    /**
     * What there is for a model.
     *
     * @param rows of the model, the closest first
     * @param unknown what applies where none of them is in effect under any name
     */
    private record Resolved(List<PriceRow> rows, List<PriceRow> unknown) {
        static Optional<PriceRow> at(List<PriceRow> rows, Instant at) {
            for (var row : rows) {
                if (row.period().contains(at)) {
                    return Optional.of(row);
                }
            }
            return Optional.empty();
        }
    }

    private record Name(String provider, String model) {}

    private PriceBook(List<Layer> layers, ModelFamilies families, Supplements supplements) {
        this.layers = List.copyOf(layers);
        this.families = families;
        this.supplements = supplements;
        var ids = new LinkedHashMap<String, PriceRow>();
        for (var layer : layers) {
            layer.own.rows().forEach(row -> putOnce(ids, row));
            layer.own.unknownModels().ifPresent(row -> putOnce(ids, row));
        }
        this.byId = Collections.unmodifiableMap(ids);
    }

    private static void putOnce(Map<String, PriceRow> ids, PriceRow row) {
        if (ids.put(row.id(), row) != null) {
            throw new IllegalArgumentException("expected each price row once, got " + row.id() + " twice");
        }
    }

    /**
     * A book of one layer that knows no aliases.
     *
     * @throws IllegalArgumentException if two rows have the same id, or the same pattern and the same beginning
     */
    public static PriceBook of(List<PriceRow> rows) {
        return of(rows, ModelFamilies.WITHOUT_ALIASES, Supplements.NONE);
    }

    static PriceBook of(List<PriceRow> rows, ModelFamilies families, Supplements supplements) {
        return new PriceBook(List.of(layer(OwnPrices.of(rows))), families, supplements);
    }

    /**
     * This book with rows laid over it: they win wherever they match, even where only a pattern of theirs does.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public PriceBook with(List<PriceRow> own) {
        return with(OwnPrices.of(own));
    }

    /**
     * This book with prices laid over it: rows win wherever they match, and all others are adjusted.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public PriceBook with(OwnPrices own) {
        var more = new ArrayList<Layer>();
        more.add(layer(own));
        more.addAll(layers);
        return new PriceBook(more, families, supplements);
    }

    /**
     * This book with rows laid under it: they apply to models that it does not know, such as a dear price for all others.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public PriceBook withFallback(List<PriceRow> rows) {
        var more = new ArrayList<>(layers);
        more.add(layer(OwnPrices.of(rows)));
        return new PriceBook(more, families, supplements);
    }

    private static Layer layer(OwnPrices own) {
        var rows = own.rows();
        var byModel = new HashMap<ModelPattern, List<PriceRow>>();
        for (var row : rows) {
            byModel.computeIfAbsent(row.model(), _ -> new ArrayList<>()).add(row);
        }
        for (var dated : byModel.values()) {
            sortByDate(dated);
        }
        return new Layer(own, new ModelIndex<>(byModel));
    }

    private static void sortByDate(List<PriceRow> rows) {
        rows.sort(NEWEST_FIRST);
        for (int i = 1; i < rows.size(); i++) {
            if (rows.get(i).period().start().equals(rows.get(i - 1).period().start())) {
                throw new IllegalArgumentException("expected rows of one model to begin at different instants, got "
                        + rows.get(i - 1).id() + " and " + rows.get(i).id());
            }
        }
    }

    /**
     * The row that applies to a call.
     *
     * @param at the instant at which the call began
     * @return empty if the model has no price then: it is unknown, never free
     */
    public Optional<PriceRow> find(ModelNames names, Instant at) {
        @Nullable String served = names.served();
        if (served != null && !served.equals(names.requested())) {
            var row = Resolved.at(resolved(names.provider(), served).rows(), at);
            if (row.isPresent()) {
                return row;
            }
        }
        var requested = resolved(names.provider(), names.requested());
        return Resolved.at(requested.rows(), at).or(() -> Resolved.at(requested.unknown(), at));
    }

    /**
     * What becomes of an amount by the discounts and mark-ups that lie at the top of this book; exact.
     *
     * @return empty if the top has a price of its own for the model
     */
    public Optional<BigDecimal> adjusted(ModelNames names, BigDecimal amount, Instant at) {
        var own = layers.getFirst().own;
        var row = find(names, at);
        if (row.isPresent() && own.has(row.get())) {
            return Optional.empty();
        }
        @Nullable String served = names.served();
        var model = served == null ? names.requested() : served;
        var factor = own.adjustmentsOf(names.provider(), families.namesOf(names.provider(), model)).stream()
                .filter(adjustment -> adjustment.period().contains(at))
                .findFirst()
                .map(Adjustment::factor)
                .orElse(BigDecimal.ONE);
        return Optional.of(amount.multiply(factor));
    }

    private Resolved resolved(String provider, String model) {
        var name = new Name(provider, model);
        @Nullable Resolved known = memory.get(name);
        if (known != null) {
            return known;
        }
        var found = resolve(name);
        boolean shortEnough = provider.length() + model.length() <= 2 * ModelFamilies.NAME_LENGTH_MAX;
        if (shortEnough) {
            remember(name, found);
        }
        return found;
    }

    /** Under one lock, since a miss is rare and the maximum must hold; readers do not wait for it. */
    private void remember(Name name, Resolved found) {
        synchronized (memory) {
            if (memory.size() >= MEMORY_MAX) {
                memory.clear();
            }
            memory.put(name, found);
        }
    }

    /** From the top: what lies over a row adjusts it. */
    private Resolved resolve(Name name) {
        var names = families.namesOf(name.provider, name.model);
        var completing = supplements.of(name.provider, names);
        var rows = new ArrayList<PriceRow>();
        var unknown = new ArrayList<PriceRow>();
        var above = new ArrayList<List<Adjustment>>();
        for (var layer : layers) {
            for (var row : layer.index.find(name.provider, names)) {
                rows.addAll(finished(row, completing, above));
            }
            layer.own.unknownModels().ifPresent(row -> unknown.addAll(finished(row, completing, above)));
            var adjustments = layer.own.adjustmentsOf(name.provider, names);
            if (!adjustments.isEmpty()) {
                above.add(adjustments);
            }
        }
        return new Resolved(List.copyOf(rows), List.copyOf(unknown));
    }

    private static List<PriceRow> finished(
            PriceRow row, List<Supplement> completing, List<List<Adjustment>> adjustments) {
        var rows = Supplements.complete(row, completing);
        for (var level : adjustments) {
            rows = rows.stream().flatMap(each -> adjusted(each, level).stream()).toList();
        }
        return rows;
    }

    /** One row for each stretch of its period in which another adjustment of one level is in effect. */
    private static List<PriceRow> adjusted(PriceRow row, List<Adjustment> level) {
        var periods = level.stream().map(Adjustment::period).toList();
        return row.period().stretches(periods).stream()
                .map(during -> row.adjusted(
                        during,
                        level.stream()
                                .filter(adjustment -> adjustment.period().contains(during.start()))
                                .findFirst()
                                .map(Adjustment::factor)
                                .orElse(BigDecimal.ONE)))
                .toList();
    }

    /** All rows as they were declared, those of the upper layers first. */
    public List<PriceRow> rows() {
        return List.copyOf(byId.values());
    }

    /** The row that a receipt names, as it was declared. */
    public Optional<PriceRow> row(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    int rememberedNames() {
        return memory.size();
    }
}
