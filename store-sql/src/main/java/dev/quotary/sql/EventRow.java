package dev.quotary.sql;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Origin;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a usage event back, field by field in the order of the columns selected. */
final class EventRow {
    /** Of {@code usage_event e} and {@code applied_price p}. */
    static final String COLUMNS = """
            e.id, e.time, e.organization, e.subject, e.api_key,
                e.provider, e.model, e.feature, e.session, e.workflow, e.dimensions,
                e.requests, e.tokens_input, e.tokens_output, e.tokens, e.quantities, e.cost,
                e.input, e.cached_input, e.cache_write_5m, e.cache_write_1h, e.input_audio, e.output, e.output_audio, e.reasoning,
                e.fees, e.parts, e.costing,
                e.evidence, e.price, p.price_row, p.tier, p.price_tier, p.long_context, p.unit_prices,
                e.outcome, e.error_type, e.latency_ms, e.queue_wait_ms, e.late, e.metadata, e.fingerprint, e.estimate,
                e.source, e.name, e.type, e.received""";

    static final String SELECT_BY_ID = "SELECT " + COLUMNS + """

            FROM usage_event e LEFT JOIN applied_price p ON p.id = e.price
            WHERE e.organization = ? AND e.id = ?""";

    private EventRow() {}

    static UsageEvent read(Columns columns) throws SQLException {
        var id = columns.id();
        var time = Micros.instant(columns.number());
        var call = call(columns);
        var metered = metered(columns);
        var result = result(columns);
        var metadata = columns.textOrNull();
        long fingerprint = columns.number();
        var estimate = Estimates.parse(columns.textOrNull());
        return new UsageEvent(
                id,
                time,
                call,
                metered,
                result,
                estimate,
                metadata == null ? "" : metadata,
                fingerprint,
                origin(columns));
    }

    private static Optional<Origin> origin(Columns columns) throws SQLException {
        var source = columns.textOrNull();
        var name = columns.textOrNull();
        var type = columns.textOrNull();
        var received = columns.numberOrNull();
        return source == null || name == null || type == null || received == null
                ? Optional.empty()
                : Optional.of(new Origin(source, name, type, Micros.instant(received)));
    }

    /** Six columns, from {@code provider} to {@code dimensions}. */
    static Dimensions dimensions(Columns columns) throws SQLException {
        return new Dimensions(
                columns.textOrNull(),
                columns.textOrNull(),
                columns.textOrNull(),
                columns.textOrNull(),
                columns.textOrNull(),
                Words.parse(columns.textOrNull()));
    }

    private static Call call(Columns columns) throws SQLException {
        var organization = new OrganizationKey(columns.text());
        var subject = columns.textOrNull();
        var key = columns.textOrNull();
        var dimensions = dimensions(columns);
        return new Call(
                organization,
                subject == null ? null : new SubjectKey(subject),
                key == null ? null : new KeyId(key),
                dimensions);
    }

    private static Metered metered(Columns columns) throws SQLException {
        var amounts = new Amounts(
                new Quantities(
                        columns.number(),
                        columns.number(),
                        columns.number(),
                        columns.number(),
                        quantities(columns.textOrNull())),
                new Money(columns.number()));
        var tokens = MoreUsage.add(tokens(columns), columns.textOrNull());
        var parts = Parts.parse(columns.textOrNull());
        var costing = columns.textOrNull();
        var evidence = Codes.evidence(columns.number());
        var price = AppliedPrice.readOrNull(columns);
        var receipt = Optional.ofNullable(price).map(applied -> applied.receipt(tokens));
        return new Metered(amounts, tokens, receipt, evidence, parts, Costs.parse(costing, price));
    }

    private static TokenUsage tokens(Columns columns) throws SQLException {
        return TokenUsage.builder()
                .set(Component.INPUT, columns.number())
                .set(Component.CACHED_INPUT, columns.number())
                .set(Component.CACHE_WRITE_5M, columns.number())
                .set(Component.CACHE_WRITE_1H, columns.number())
                .set(Component.INPUT_AUDIO, columns.number())
                .set(Component.OUTPUT, columns.number())
                .set(Component.OUTPUT_AUDIO, columns.number())
                .reasoning(columns.number())
                .build();
    }

    static Map<MeterKey, Long> quantities(@Nullable String text) {
        var quantities = new HashMap<MeterKey, Long>();
        Words.parse(text).forEach((meter, amount) -> quantities.put(new MeterKey(meter), Long.valueOf(amount)));
        return quantities;
    }

    private static Result result(Columns columns) throws SQLException {
        return new Result(
                Codes.outcome(columns.number()),
                columns.textOrNull(),
                columns.number(),
                columns.number(),
                columns.flag());
    }
}
