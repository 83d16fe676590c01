package dev.quotary.price;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Turns the lines of the sheets of fees and of modifiers into {@link Supplements}. Dates are midnights UTC. */
final class SupplementSheet {
    /** Of a sheet of fees: {@code price} US dollars for {@code per} units of the component. */
    static final List<String> FEE_COLUMNS = List.of(
            "provider", "model", "component", "price", "per", "effective_from", "effective_until", "sources", "note");

    /** Of a sheet of modifiers. */
    static final List<String> MODIFIER_COLUMNS =
            List.of("provider", "model", "modifier", "factor", "effective_from", "effective_until", "sources", "note");

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private SupplementSheet() {}

    /** @throws IllegalArgumentException naming the line, and the column where one is to blame */
    static List<FeePrice> fees(CsvTable table) {
        return table.read(line -> new FeePrice(
                models(line),
                period(line),
                line.required("component", named("a component", Component::ofKey)),
                perMillion(line.required("price", UnitPrices::price), line.required("per", Long::valueOf)),
                provenance(line)));
    }

    /** @throws IllegalArgumentException naming the line, and the column where one is to blame */
    static List<ModifierFactor> modifiers(CsvTable table) {
        return table.read(line -> new ModifierFactor(
                models(line),
                period(line),
                line.required("modifier", named("a modifier", Modifier::ofKey)),
                line.required("factor", BigDecimal::new),
                provenance(line)));
    }

    private static ModelPattern models(CsvTable.Row line) {
        return new ModelPattern(line.text("provider"), line.text("model"));
    }

    private static PricePeriod period(CsvTable.Row line) {
        return new PricePeriod(midnight(line, "effective_from"), midnight(line, "effective_until"));
    }

    private static Provenance provenance(CsvTable.Row line) {
        return new Provenance(line.text("sources"), line.text("note"));
    }

    private static <T> Function<String, T> named(String what, Function<String, Optional<T>> keys) {
        return key -> keys.apply(key)
                .orElseThrow(() -> new IllegalArgumentException("expected " + what + ", was '" + key + "'"));
    }

    /** Published prices come out even; one that does not would be rounded where nobody looks. */
    private static BigDecimal perMillion(BigDecimal price, long units) {
        if (units <= 0) {
            throw new IllegalArgumentException("column per: expected 1 or more units, was " + units);
        }
        try {
            return price.multiply(MILLION)
                    .divide(BigDecimal.valueOf(units), UnitPrices.DECIMALS_MAX, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "expected a price per unit that comes out even, was " + price + " per " + units, e);
        }
    }

    private static Optional<Instant> midnight(CsvTable.Row line, String column) {
        return line.value(
                column,
                date -> LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
}
