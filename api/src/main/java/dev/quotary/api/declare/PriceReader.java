package dev.quotary.api.declare;

import dev.quotary.http.Fields;
import dev.quotary.http.Fingerprint;
import dev.quotary.http.Value;
import dev.quotary.price.Component;
import dev.quotary.price.ModelPattern;
import dev.quotary.price.Modifier;
import dev.quotary.price.ModifierFactors;
import dev.quotary.price.OwnPrices;
import dev.quotary.price.PricePeriod;
import dev.quotary.price.PriceRow;
import dev.quotary.price.PriceTable;
import dev.quotary.price.Provenance;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TierPrices;
import dev.quotary.price.TokenUsage;
import dev.quotary.price.UnitPrices;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/** Reads a price of the operator's own as plans files write it: US dollars per 1,000,000 tokens, fees per so many units. */
final class PriceReader {
    private static final int DATE_LENGTH = 10;
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private PriceReader() {}

    /** What tells declared prices apart: provider, model, and when it begins. */
    static String key(Value value) {
        var fields = value.fields();
        var from = fields.string("from");
        return fields.need("provider").string() + "/" + fields.need("model").string()
                + from.map(date -> "@" + date).orElse("");
    }

    /** @param owner whose price it is: a part of the row's id */
    static PriceRow read(Value value, String owner) {
        var fields = value.fields();
        var provider = fields.need("provider").string();
        var model = fields.need("model").string();
        var from = fields.find("from").map(text -> text.as(PriceReader::instant));
        var until = fields.find("until").map(text -> text.as(PriceReader::instant));
        var prices = prices(value, fields);
        return row(
                value,
                owner + ":" + key(value),
                prices,
                () -> new Frame(new ModelPattern(provider, model), new PricePeriod(from, until)));
    }

    /** Reads the price of models that nobody knows. */
    static PriceRow readUnknown(Value value, String owner) {
        var prices = prices(value, value.fields());
        return row(value, owner + ":unknown_models", prices, () -> new Frame(OwnPrices.UNKNOWN, PricePeriod.ALWAYS));
    }

    private record Frame(ModelPattern model, PricePeriod period) {}

    private interface FrameReader {
        Frame frame();
    }

    /** The id carries a digest of the prices: a receipt must never name a row whose prices have become others. */
    private static PriceRow row(Value value, String name, Prices prices, FrameReader reader) {
        return value.checked(() -> {
            var frame = reader.frame();
            var id = name + "#" + Long.toHexString(Fingerprint.of(prices.digested()));
            return new PriceRow(id, frame.model, frame.period, prices.table(), prices.provenance);
        });
    }

    /** What a price says, beside whom it is for. */
    private record Prices(
            Map<ServiceTier, TierPrices> tiers,
            OptionalLong longContextOver,
            Map<Modifier, BigDecimal> modifiers,
            Provenance provenance) {
        PriceTable table() {
            return new PriceTable(tiers, longContextOver, new ModifierFactors(modifiers));
        }

        /** Of a plain price just its components: so it was when there was nothing else, and ids stay what they are. */
        String digested() {
            var standard = tiers.get(ServiceTier.STANDARD);
            boolean plain = tiers.size() == 1 && longContextOver.isEmpty() && modifiers.isEmpty();
            return plain && standard != null
                    ? new EnumMap<>(standard.normal().perMillion()).toString()
                    : table().toString();
        }
    }

    private static Prices prices(Value value, Fields fields) {
        var own = new EnumMap<Component, BigDecimal>(Component.class);
        tokens(fields, own);
        fees(fields, own);
        if (!fields.has("fees")) {
            fields.need("input");
            fields.need("output");
        }
        var longContext = fields.find("long_context");
        var over = longContext.map(part -> part.fields().need("over").integer(0, TokenUsage.TOKENS_MAX));
        var tiers = new EnumMap<ServiceTier, TierPrices>(ServiceTier.class);
        tiers.put(
                ServiceTier.STANDARD,
                value.checked(() -> new TierPrices(new UnitPrices(own), longContext.map(PriceReader::longPrices))));
        for (var tier :
                fields.find("tiers").map(Value::entries).orElse(Map.of()).entrySet()) {
            tiers.put(tier(tier.getKey(), tier.getValue()), tierPrices(tier.getValue()));
        }
        var modifiers = modifiers(fields);
        var provenance = new Provenance(
                fields.string("sources").orElse("own"), fields.string("note").orElse(""));
        fields.done();
        return new Prices(
                tiers, over.isPresent() ? OptionalLong.of(over.get()) : OptionalLong.empty(), modifiers, provenance);
    }

    private static void tokens(Fields fields, Map<Component, BigDecimal> prices) {
        for (var component : Component.TOKENS) {
            fields.find(component.key()).ifPresent(price -> prices.put(component, price.decimal(UnitPrices::price)));
        }
    }

    private static void fees(Fields fields, Map<Component, BigDecimal> prices) {
        for (var entry :
                fields.find("fees").map(Value::entries).orElse(Map.of()).entrySet()) {
            var place = entry.getValue();
            var fee = Component.ofKey(entry.getKey())
                    .filter(component -> !component.token())
                    .orElseThrow(() -> place.wrong("expected one of the fees "
                            + Component.FEES.stream().map(Component::key).toList()));
            var own = place.fields();
            var price = own.need("price").decimal(UnitPrices::price);
            long per = own.find("per")
                    .map(units -> units.integer(1, 1_000_000_000))
                    .orElse(1L);
            own.done();
            prices.put(fee, perMillion(place, price, per));
        }
    }

    private static BigDecimal perMillion(Value place, BigDecimal price, long per) {
        try {
            return price.multiply(MILLION)
                    .divide(BigDecimal.valueOf(per), UnitPrices.DECIMALS_MAX, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw place.wrong("expected a price per unit that comes out even within " + UnitPrices.DECIMALS_MAX
                    + " decimals per million");
        }
    }

    private static UnitPrices longPrices(Value value) {
        var fields = value.fields();
        fields.find("over");
        return unitPrices(value, fields);
    }

    private static UnitPrices unitPrices(Value value, Fields fields) {
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        tokens(fields, prices);
        fields.need("input");
        fields.need("output");
        fields.done();
        return value.checked(() -> new UnitPrices(prices));
    }

    private static ServiceTier tier(String key, Value place) {
        for (var tier : ServiceTier.values()) {
            if (tier != ServiceTier.STANDARD && tier.key().equals(key)) {
                return tier;
            }
        }
        throw place.wrong("expected batch, flex or priority, was '" + key + "'");
    }

    private static TierPrices tierPrices(Value value) {
        var fields = value.fields();
        var longContext = fields.find("long_context").map(part -> unitPrices(part, part.fields()));
        return new TierPrices(unitPrices(value, fields), longContext);
    }

    private static Map<Modifier, BigDecimal> modifiers(Fields fields) {
        var modifiers = new EnumMap<Modifier, BigDecimal>(Modifier.class);
        for (var entry :
                fields.find("modifiers").map(Value::entries).orElse(Map.of()).entrySet()) {
            var modifier = Modifier.ofKey(entry.getKey())
                    .orElseThrow(() -> entry.getValue().wrong("expected fast, region_us or region_eu"));
            modifiers.put(modifier, entry.getValue().decimal(BigDecimal::new));
        }
        return modifiers;
    }

    /** A date is its midnight in UTC. */
    static Instant instant(String text) {
        return text.length() == DATE_LENGTH
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(text).toInstant();
    }
}
