package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.price.Receipt;
import dev.quotary.price.UnitPrices;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/** Writes amounts and receipts as the API shows them: money as decimal text in dollars, quantities as whole numbers. */
final class AmountJson {
    private AmountJson() {}

    static void quantities(JsonGenerator json, Quantities quantities) throws IOException {
        json.writeObjectFieldStart("quantities");
        for (var entry : quantities.toMap().entrySet()) {
            json.writeNumberField(entry.getKey().value(), entry.getValue());
        }
        json.writeEndObject();
    }

    static void amounts(JsonGenerator json, Amounts amounts) throws IOException {
        quantities(json, amounts.quantities());
        json.writeStringField("cost", amounts.cost().toString());
    }

    /** In the order of the names: the same value always reads the same. */
    static void texts(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(name);
        for (var entry : new TreeMap<>(texts).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    /** Decimal text without an exponent and without trailing zeros. */
    static String plain(BigDecimal number) {
        return UnitPrices.plain(number).toPlainString();
    }

    /** The arithmetic of a cost. */
    static void receipt(JsonGenerator json, Receipt receipt) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("price");
        json.writeStringField("row", receipt.priceRow());
        json.writeStringField("tier", receipt.tier().key());
        json.writeStringField("price_tier", receipt.priceTier().key());
        json.writeBooleanField("long_context", receipt.longContext());
        json.writeStringField("adjustment", receipt.adjustment().toPlainString());
        json.writeObjectFieldStart("modifiers");
        for (var modifier : receipt.modifiers().entrySet()) {
            json.writeStringField(modifier.getKey().key(), modifier.getValue().toPlainString());
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeArrayFieldStart("lines");
        for (var line : receipt.lines()) {
            json.writeStartObject();
            json.writeStringField("component", line.component().key());
            json.writeNumberField("quantity", line.quantity());
            json.writeStringField("unit_price", line.unitPrice().toPlainString());
            json.writeStringField("amount", line.amount().toPlainString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("total", receipt.total().toString());
        json.writeEndObject();
    }
}
