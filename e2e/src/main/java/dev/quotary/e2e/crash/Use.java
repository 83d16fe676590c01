package dev.quotary.e2e.crash;

import java.math.BigDecimal;

/** Amounts that were used, as the API shows them. */
record Use(long requests, long input, long output, BigDecimal cost) {
    static final Use NONE = new Use(0, 0, 0, BigDecimal.ZERO);

    Use plus(Use other) {
        return new Use(requests + other.requests, input + other.input, output + other.output, cost.add(other.cost));
    }

    long tokens() {
        return input + output;
    }

    /** Reads the members {@code quantities} and {@code cost}. */
    static Use of(Json json) {
        var quantities = json.at("quantities");
        return new Use(
                amount(quantities, "requests"),
                amount(quantities, "tokens.input"),
                amount(quantities, "tokens.output"),
                json.at("cost").decimal());
    }

    private static long amount(Json quantities, String meter) {
        return quantities.has(meter) ? quantities.at(meter).number() : 0;
    }

    boolean same(Use other) {
        return requests == other.requests
                && input == other.input
                && output == other.output
                && cost.compareTo(other.cost) == 0;
    }
}
