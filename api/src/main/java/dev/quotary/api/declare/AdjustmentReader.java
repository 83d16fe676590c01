package dev.quotary.api.declare;

import dev.quotary.http.Value;
import dev.quotary.price.Adjustment;
import dev.quotary.price.PricePeriod;
import java.math.BigDecimal;

/** Reads a discount or a mark-up as plans files write it: of all models of all providers unless it names some. */
final class AdjustmentReader {
    private static final String ALL = "*";

    private AdjustmentReader() {}

    /** What tells adjustments apart: provider, model, and when they begin. */
    static String key(Value value) {
        var fields = value.fields();
        return fields.string("provider").orElse(ALL) + "/"
                + fields.string("model").orElse(ALL)
                + fields.string("from").map(date -> "@" + date).orElse("");
    }

    static Adjustment read(Value value) {
        var fields = value.fields();
        var provider = fields.string("provider").filter(name -> !name.equals(ALL));
        var model = fields.string("model").orElse(ALL);
        var from = fields.find("from").map(text -> text.as(PriceReader::instant));
        var until = fields.find("until").map(text -> text.as(PriceReader::instant));
        var discount = fields.find("discount").map(percent -> percent.decimal(AdjustmentReader::percent));
        var markup = fields.find("markup").map(percent -> percent.decimal(AdjustmentReader::percent));
        fields.done();
        if (discount.isPresent() == markup.isPresent()) {
            throw value.wrong("expected either 'discount' or 'markup', in per cent");
        }
        var percent = markup.orElseGet(() -> discount.orElseThrow().negate());
        return value.checked(() -> new Adjustment(provider, model, new PricePeriod(from, until), percent));
    }

    private static BigDecimal percent(String text) {
        var percent = new BigDecimal(text);
        if (percent.signum() < 0 || percent.compareTo(Adjustment.PERCENT_MAX) > 0) {
            throw new IllegalArgumentException("expected 0.." + Adjustment.PERCENT_MAX + " per cent");
        }
        return percent;
    }
}
