package dev.quotary.api.reconcile;

import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The reports that providers give of what was used, as their administrative APIs answer them: pages of buckets of results. */
public enum ReportFormat {
    /** {@code GET /v1/organization/usage/completions}, grouped by model. */
    OPENAI_USAGE("openai") {
        @Override
        LocalDate day(Fields bucket) {
            return unix(bucket);
        }

        @Override
        ReportRow row(LocalDate day, Fields result) {
            return new ReportRow(
                    day,
                    model(result),
                    Optional.of(new ReportRow.Counts(
                            result.find("num_model_requests").map(ReportFormat::count),
                            number(result, "input_tokens"),
                            number(result, "output_tokens"))),
                    Optional.empty());
        }
    },
    /** {@code GET /v1/organization/costs}, grouped by line item: {@code gpt-5.6-sol, input}. */
    OPENAI_COSTS("openai") {
        @Override
        LocalDate day(Fields bucket) {
            return unix(bucket);
        }

        @Override
        ReportRow row(LocalDate day, Fields result) {
            var amount = result.need("amount").fields();
            currency(amount);
            var item = result.string("line_item").orElse("");
            int comma = item.indexOf(',');
            return new ReportRow(
                    day,
                    comma < 0 ? item : item.substring(0, comma),
                    Optional.empty(),
                    Optional.of(decimal(amount.need("value"))));
        }
    },
    /** {@code GET /v1/organizations/usage_report/messages}, grouped by model. */
    ANTHROPIC_USAGE("anthropic") {
        @Override
        LocalDate day(Fields bucket) {
            return rfc3339(bucket);
        }

        @Override
        ReportRow row(LocalDate day, Fields result) {
            long written = result.find("cache_creation")
                    .map(Value::fields)
                    .map(made -> Math.addExact(
                            number(made, "ephemeral_1h_input_tokens"), number(made, "ephemeral_5m_input_tokens")))
                    .orElse(0L);
            long input = Stream.of(
                            number(result, "uncached_input_tokens"), number(result, "cache_read_input_tokens"), written)
                    .reduce(0L, Math::addExact);
            return new ReportRow(
                    day,
                    model(result),
                    Optional.of(new ReportRow.Counts(Optional.empty(), input, number(result, "output_tokens"))),
                    Optional.empty());
        }
    },
    /** {@code GET /v1/organizations/cost_report}, grouped by description; amounts are in cents. */
    ANTHROPIC_COSTS("anthropic") {
        @Override
        LocalDate day(Fields bucket) {
            return rfc3339(bucket);
        }

        @Override
        ReportRow row(LocalDate day, Fields result) {
            currency(result);
            return new ReportRow(
                    day,
                    model(result),
                    Optional.empty(),
                    Optional.of(decimal(result.need("amount")).movePointLeft(2)));
        }
    };

    /** Days by models by parts: far more than a month of a large organization. */
    private static final int ROWS_MAX = 100_000;

    private static final int DIGITS_MAX = 40;

    private final String provider;

    ReportFormat(String provider) {
        this.provider = provider;
    }

    /** The name of the provider whose report it is. */
    public String provider() {
        return provider;
    }

    /** Whether it tells costs; the others tell use. */
    public boolean costs() {
        return switch (this) {
            case OPENAI_COSTS, ANTHROPIC_COSTS -> true;
            case OPENAI_USAGE, ANTHROPIC_USAGE -> false;
        };
    }

    /** The name in queries. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<ReportFormat> ofKey(String key) {
        return Stream.of(values()).filter(format -> format.key().equals(key)).findFirst();
    }

    abstract LocalDate day(Fields bucket);

    abstract ReportRow row(LocalDate day, Fields result);

    /**
     * Reads a page of a report, or a list of pages.
     *
     * @throws dev.quotary.http.InvalidInputException naming the place, if it is none
     */
    public List<ReportRow> read(Value report) {
        var rows = new ArrayList<ReportRow>();
        for (var page : report.isList() ? report.items() : List.of(report)) {
            for (var bucket : page.fields().items("data")) {
                var day = day(bucket.fields());
                for (var result : bucket.fields().items("results")) {
                    if (rows.size() == ROWS_MAX) {
                        throw result.wrong("expected at most " + ROWS_MAX + " results");
                    }
                    rows.add(row(day, result.fields()));
                }
            }
        }
        return rows;
    }

    static LocalDate unix(Fields bucket) {
        long second = bucket.need("start_time").integer(0, Integer.MAX_VALUE);
        return LocalDate.ofInstant(Instant.ofEpochSecond(second), ZoneOffset.UTC);
    }

    static LocalDate rfc3339(Fields bucket) {
        var begin = bucket.need("starting_at");
        try {
            return LocalDate.ofInstant(OffsetDateTime.parse(begin.string()).toInstant(), ZoneOffset.UTC);
        } catch (DateTimeException _) {
            throw begin.wrong("expected an instant");
        }
    }

    static String model(Fields result) {
        return result.string("model").orElse("");
    }

    static long number(Fields result, String name) {
        return result.find(name).map(ReportFormat::count).orElse(0L);
    }

    private static long count(Value value) {
        return value.integer(0, 1_000_000_000_000_000L);
    }

    static void currency(Fields amount) {
        var currency = amount.need("currency");
        if (!currency.string().equalsIgnoreCase("usd")) {
            throw currency.wrong("expected US dollars");
        }
    }

    /** Amounts come as numbers or as texts; neither ever becomes a double. More decimals than money has are rounded here, once. */
    static BigDecimal decimal(Value value) {
        var text = value.isText() ? value.string() : value.scalar();
        if (text.length() > DIGITS_MAX) {
            throw value.wrong("expected an amount of at most " + DIGITS_MAX + " characters");
        }
        try {
            var amount = new BigDecimal(text);
            if (Math.abs(amount.scale()) > DIGITS_MAX) {
                throw value.wrong("expected an amount");
            }
            return amount.setScale(Money.SCALE + 2, RoundingMode.HALF_UP);
        } catch (NumberFormatException _) {
            throw value.wrong("expected an amount");
        }
    }
}
