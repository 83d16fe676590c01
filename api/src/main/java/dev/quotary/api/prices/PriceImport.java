package dev.quotary.api.prices;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.ApplyOrder;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.prices.ImportedPrice.Effect;
import dev.quotary.api.prices.PriceDraft.Part;
import dev.quotary.catalog.Actor;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.price.Component;
import dev.quotary.price.ModelNames;
import dev.quotary.price.OwnPrices;
import dev.quotary.price.PriceRow;
import dev.quotary.price.ServiceTier;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Imports a price file: what differs from the book in force becomes own, dated prices of the server, by the way of plans files. Blocks.
 */
public final class PriceImport {
    private final Declaring declaring;
    private final Catalog catalog;

    public PriceImport(Declaring declaring, Catalog catalog) {
        this.declaring = declaring;
        this.catalog = catalog;
    }

    /**
     * What to import.
     *
     * @param from the date from which prices hold that the file does not date
     * @param accepted names of models, such as {@code openai/gpt-6}, whose prices are declared although they are doubtful
     * @param source what stands in the rows as their source
     * @param by who imports
     */
    public record Order(PriceFile form, LocalDate from, Set<String> accepted, String source, Actor by, boolean dryRun) {
        public Order {
            accepted = Set.copyOf(accepted);
        }
    }

    /**
     * Imports a file, or tells what would be imported.
     *
     * @throws InvalidInputException naming the place, if the file has another form; then nothing is declared
     */
    public List<ImportedPrice> run(Value file, Order order) {
        var drafts = order.form().read(file, order.from().toString());
        var imported = new ArrayList<ImportedPrice>();
        var declared = new ArrayList<PriceDraft>();
        for (var draft : drafts) {
            var price = imported(draft, order);
            imported.add(price);
            if (price.effect() == Effect.CREATED || price.effect() == Effect.CHANGED) {
                declared.add(draft);
            }
        }
        if (!declared.isEmpty()) {
            declaring.apply(
                    plansFile(declared, order.source()),
                    ApplyOrder.by(order.by()).forApi().dryRun(order.dryRun()));
        }
        return imported;
    }

    private ImportedPrice imported(PriceDraft draft, Order order) {
        var impossible = impossible(draft);
        if (impossible.isPresent()) {
            var remarks = new ArrayList<>(List.of(impossible.get()));
            remarks.addAll(draft.remarks());
            return new ImportedPrice(
                    draft.provider(), draft.model(), draft.from(), Effect.LEFT_OUT, List.of(), List.of(), remarks);
        }
        var book = inForce(draft, order.from());
        var comparison = new Comparison(draft, book.map(PriceRow::prices));
        comparison.inherit();
        var changes = comparison.changes();
        var doubts = changes.isEmpty() ? List.<String>of() : Doubts.of(draft, changes, book.isPresent());
        boolean held = !doubts.isEmpty() && !order.accepted().contains(draft.name());
        var effect = book.isEmpty() ? Effect.CREATED : Effect.CHANGED;
        return new ImportedPrice(
                draft.provider(),
                draft.model(),
                draft.from(),
                changes.isEmpty() ? Effect.UNCHANGED : held ? Effect.HELD_BACK : effect,
                changes,
                doubts,
                draft.remarks());
    }

    /** Why the draft cannot be a row of ours. */
    private static Optional<String> impossible(PriceDraft draft) {
        if (draft.leftOut().isPresent()) {
            return draft.leftOut();
        }
        var standard = draft.prices().getOrDefault(Part.STANDARD, new EnumMap<>(Component.class));
        boolean tokens = standard.keySet().stream().anyMatch(Component::token);
        if (tokens && !draft.writes()) {
            draft.prices().values().forEach(prices -> prices.putIfAbsent(Component.OUTPUT, BigDecimal.ZERO));
        }
        if (standard.isEmpty()) {
            return Optional.of("it has no price that can be imported");
        }
        for (var part : draft.prices().entrySet()) {
            boolean whole = part.getValue().containsKey(Component.INPUT)
                    && part.getValue().containsKey(Component.OUTPUT);
            if (!whole && (tokens || !part.getKey().equals(Part.STANDARD))) {
                return Optional.of("its " + part.getKey() + " prices lack input or output");
            }
        }
        boolean longPrices = draft.prices().containsKey(new Part(ServiceTier.STANDARD, true));
        if (draft.longOver().isPresent() != longPrices) {
            return Optional.of("its long-context prices have no threshold, or the threshold no prices");
        }
        try {
            var _ = instant(draft, LocalDate.EPOCH);
        } catch (DateTimeException _) {
            return Optional.of("'" + draft.from() + "' is no date");
        }
        return Optional.empty();
    }

    /** The row that applies where the draft's would; not one for models that nobody knows. */
    private Optional<PriceRow> inForce(PriceDraft draft, LocalDate today) {
        return catalog.declarations()
                .prices()
                .find(ModelNames.requested(draft.provider(), draft.model()), instant(draft, today))
                .filter(row -> !row.model().equals(OwnPrices.UNKNOWN));
    }

    private static Instant instant(PriceDraft draft, LocalDate otherwise) {
        var date = draft.from().isEmpty() ? otherwise : LocalDate.parse(draft.from());
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Value plansFile(List<PriceDraft> drafts, String source) {
        return Documents.json(Answers.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("prices");
            for (var draft : drafts) {
                write(json, draft, source);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private static void write(JsonGenerator json, PriceDraft draft, String source) throws IOException {
        json.writeStartObject();
        json.writeStringField("provider", draft.provider());
        json.writeStringField("model", draft.model());
        if (!draft.from().isEmpty()) {
            json.writeStringField("from", draft.from());
        }
        json.writeStringField("sources", source);
        tier(json, draft, ServiceTier.STANDARD);
        json.writeObjectFieldStart("tiers");
        for (var tier : ServiceTier.values()) {
            if (tier != ServiceTier.STANDARD && draft.prices().containsKey(new Part(tier, false))) {
                json.writeObjectFieldStart(tier.key());
                tier(json, draft, tier);
                json.writeEndObject();
            }
        }
        json.writeEndObject();
        json.writeObjectFieldStart("modifiers");
        for (var factor : draft.modifiers().entrySet()) {
            json.writeStringField(factor.getKey().key(), factor.getValue().toPlainString());
        }
        json.writeEndObject();
        fees(json, draft.prices().getOrDefault(Part.STANDARD, new EnumMap<>(Component.class)));
        json.writeEndObject();
    }

    private static void tier(JsonGenerator json, PriceDraft draft, ServiceTier tier) throws IOException {
        tokens(json, draft.prices().getOrDefault(new Part(tier, false), new EnumMap<>(Component.class)));
        var beyond = draft.prices().get(new Part(tier, true));
        if (beyond != null) {
            json.writeObjectFieldStart("long_context");
            if (tier == ServiceTier.STANDARD) {
                json.writeNumberField("over", draft.longOver().orElseThrow());
            }
            tokens(json, beyond);
            json.writeEndObject();
        }
    }

    private static void tokens(JsonGenerator json, Map<Component, BigDecimal> prices) throws IOException {
        for (var price : prices.entrySet()) {
            if (price.getKey().token()) {
                json.writeStringField(price.getKey().key(), price.getValue().toPlainString());
            }
        }
    }

    private static void fees(JsonGenerator json, Map<Component, BigDecimal> prices) throws IOException {
        if (prices.keySet().stream().allMatch(Component::token)) {
            return;
        }
        json.writeObjectFieldStart("fees");
        for (var price : prices.entrySet()) {
            if (!price.getKey().token()) {
                json.writeObjectFieldStart(price.getKey().key());
                json.writeStringField("price", price.getValue().toPlainString());
                json.writeNumberField("per", 1_000_000);
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }
}
