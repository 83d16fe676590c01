package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.http.Times;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.Receipt;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.LimitStatus;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Writes the values of the domain as the API shows them: money as decimal text in dollars, quantities as whole numbers. */
final class LimitJson {
    private LimitJson() {}

    /** How one limit stands. */
    static void write(JsonGenerator json, LimitStatus status) throws IOException {
        var limit = status.limit();
        var counter = status.counter();
        var counted = limit.counted();
        boolean unlimited = limit.maximum().unlimited();
        json.writeStartObject();
        json.writeStringField("limit", limit.key().value());
        json.writeStringField("meter", limit.meter().value());
        json.writeStringField("scope", counted.scope().key() + ":" + counter.scopeValue());
        json.writeStringField("window", counted.window().key());
        window(json, status);
        if (!counted.filter().patterns().isEmpty()) {
            texts(json, "where", counted.filter().patterns());
        }
        amount(json, "max", limit.meter(), limit.maximum().units(), unlimited);
        json.writeBooleanField("unlimited", unlimited);
        amount(json, "used", limit.meter(), status.used(), false);
        amount(json, "held", limit.meter(), status.held(), false);
        amount(json, "remaining", limit.meter(), status.remaining(), unlimited);
        json.writeFieldName("percent");
        json.writeNumber(status.percent());
        json.writeStringField("state", status.state().key());
        json.writeEndObject();
    }

    private static void window(JsonGenerator json, LimitStatus status) throws IOException {
        switch (status.limit().counted().window()) {
            case WindowSpec.Calendar _, WindowSpec.BillingPeriod _ -> {
                json.writeStringField(
                        "window_start", Times.text(status.counter().window().start()));
                json.writeStringField(
                        "resets_at", Times.text(status.counter().window().end()));
            }
            case WindowSpec.Lifetime _, WindowSpec.InFlight _ -> {
                json.writeNullField("window_start");
                json.writeNullField("resets_at");
            }
        }
    }

    private static void amount(JsonGenerator json, String name, MeterKey meter, long units, boolean unlimited)
            throws IOException {
        if (unlimited) {
            json.writeNullField(name);
        } else if (meter.equals(MeterKey.COST)) {
            json.writeStringField(name, new Money(units).toString());
        } else {
            json.writeNumberField(name, units);
        }
    }

    /** An amount as the value of an open member. */
    static void amount(JsonGenerator json, MeterKey meter, long units) throws IOException {
        if (meter.equals(MeterKey.COST)) {
            json.writeString(new Money(units).toString());
        } else {
            json.writeNumber(units);
        }
    }

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

    /** The arithmetic of a cost. */
    static void receipt(JsonGenerator json, Receipt receipt) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("price");
        json.writeStringField("row", receipt.priceRow());
        json.writeStringField("tier", receipt.tier().key());
        json.writeStringField("price_tier", receipt.priceTier().key());
        json.writeBooleanField("long_context", receipt.longContext());
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
