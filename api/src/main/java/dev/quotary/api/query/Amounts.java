package dev.quotary.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Value;
import dev.quotary.money.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Values as they are shown: money as decimal dollars, a mean with the sum and the count that it is the quotient of. */
final class Amounts {
    /** Of a mean. The only rounding there is: sum and count stand beside it. */
    private static final int DECIMALS = 6;

    private Amounts() {}

    /** Writes values as the members of an open object. */
    static void members(JsonGenerator json, List<Measure> measures, List<Value> values) throws IOException {
        for (int i = 0; i < measures.size(); i++) {
            json.writeFieldName(measures.get(i).key());
            write(json, measures.get(i), values.get(i));
        }
    }

    /** Writes a value. */
    static void write(JsonGenerator json, Measure measure, Value value) throws IOException {
        switch (value) {
            case Value.Whole(long units) -> {
                if (measure == Measure.COST) {
                    json.writeString(new Money(units).toString());
                } else {
                    json.writeNumber(units);
                }
            }
            case Value.Quotient quotient -> {
                json.writeStartObject();
                json.writeStringField("value", mean(quotient));
                json.writeNumberField("sum", quotient.sum());
                json.writeNumberField("count", quotient.count());
                json.writeEndObject();
            }
            case Value.Nothing _ -> json.writeNull();
        }
    }

    /** As a field of CSV; empty for nothing. */
    static String text(Measure measure, Value value) {
        return switch (value) {
            case Value.Whole(long units) ->
                measure == Measure.COST ? new Money(units).toString() : Long.toString(units);
            case Value.Quotient quotient -> mean(quotient);
            case Value.Nothing _ -> "";
        };
    }

    /** Half up, without trailing zeros. */
    static String mean(Value.Quotient quotient) {
        return BigDecimal.valueOf(quotient.sum())
                .divide(BigDecimal.valueOf(quotient.count()), DECIMALS, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** What a measure is where there is nothing. */
    static Value none(Measure measure) {
        return switch (measure.kind()) {
            case SUM, DISTINCT -> Value.of(0);
            case MEAN, PERCENTILE -> Value.NOTHING;
        };
    }
}
