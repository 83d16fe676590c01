package dev.quotary.api.declare;

import dev.quotary.http.Fingerprint;
import dev.quotary.http.Value;
import dev.quotary.price.Component;
import dev.quotary.price.ModelPattern;
import dev.quotary.price.PricePeriod;
import dev.quotary.price.PriceRow;
import dev.quotary.price.PriceTable;
import dev.quotary.price.Provenance;
import dev.quotary.price.UnitPrices;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Optional;

/** Reads a price of the operator's own as plans files write it: US dollars per 1,000,000 tokens, at the standard tier. */
final class PriceReader {
    private static final Provenance OWN = new Provenance("own", "");
    private static final int DATE_LENGTH = 10;

    private PriceReader() {}

    /** What tells declared prices apart: provider, model, and when it begins. */
    static String key(Value value) {
        var fields = value.fields();
        var from = fields.string("from");
        return fields.need("provider").string() + "/" + fields.need("model").string()
                + from.map(date -> "@" + date).orElse("");
    }

    static PriceRow read(Value value) {
        var fields = value.fields();
        var provider = fields.need("provider").string();
        var model = fields.need("model").string();
        var from = fields.find("from").map(text -> text.as(PriceReader::begin));
        fields.need("input");
        fields.need("output");
        var prices = new EnumMap<Component, BigDecimal>(Component.class);
        for (var component : Component.TOKENS) {
            fields.find(component.key()).ifPresent(price -> prices.put(component, price.decimal(UnitPrices::price)));
        }
        fields.done();
        // The id carries a digest of the prices: a receipt must never name a row whose prices have become others.
        var id = "own:" + key(value) + "#" + Long.toHexString(Fingerprint.of(prices.toString()));
        return value.checked(() -> new PriceRow(
                id,
                new ModelPattern(provider, model),
                new PricePeriod(from, Optional.empty()),
                PriceTable.of(new UnitPrices(prices)),
                OWN));
    }

    /** A date is its midnight in UTC. */
    private static Instant begin(String text) {
        return text.length() == DATE_LENGTH
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : OffsetDateTime.parse(text).toInstant();
    }
}
