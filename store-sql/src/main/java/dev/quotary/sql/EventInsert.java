package dev.quotary.sql;

import dev.quotary.ledger.Origin;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** How an event becomes a row. */
final class EventInsert {
    /** In the order of {@link #fill}. */
    static final Insert EVENT = Insert.into("usage_event")
            .texts("organization")
            .bytes("id")
            .numbers("time")
            .texts("subject", "api_key", "provider", "model", "feature", "session", "workflow", "dimensions")
            .numbers("requests", "tokens_input", "tokens_output", "tokens")
            .texts("quantities", "levels")
            .numbers("cost", "price")
            .numbers("input", "cached_input", "cache_write_5m", "cache_write_1h", "input_audio")
            .numbers("output", "output_audio", "reasoning")
            .numbers("evidence", "outcome")
            .texts("error_type")
            .numbers("latency_ms", "queue_wait_ms", "late")
            .texts("metadata")
            .numbers("fingerprint")
            .texts("estimate", "fees", "parts", "costing")
            .texts("source", "name", "type")
            .numbers("received")
            .onConflict("(organization, id) DO NOTHING");

    private EventInsert() {}

    static void fill(Row row, Draft draft, @Nullable Long price) throws SQLException {
        var event = draft.entry().event();
        fillCall(row, event, draft);
        fillAmounts(row, event, draft);
        row.numberOrNull(price);
        fillTokens(row, event);
        fillResult(row, event);
        row.text(draft.estimate()).text(draft.fees()).text(draft.parts()).text(draft.costing());
        fillOrigin(row, event.origin().orElse(null));
    }

    private static void fillOrigin(Row row, @Nullable Origin origin) throws SQLException {
        row.text(origin == null ? null : origin.source())
                .text(origin == null ? null : origin.name())
                .text(origin == null ? null : origin.type())
                .numberOrNull(origin == null ? null : (Long) Micros.of(origin.receivedAt()));
    }

    private static void fillCall(Row row, UsageEvent event, Draft draft) throws SQLException {
        var call = event.call();
        var dimensions = call.dimensions();
        var subject = call.subject();
        var key = call.key();
        row.text(call.organization().value())
                .id(event.id())
                .number(draft.time())
                .text(subject == null ? null : subject.value())
                .text(key == null ? null : key.value())
                .text(dimensions.provider())
                .text(dimensions.model())
                .text(dimensions.feature())
                .text(dimensions.session())
                .text(dimensions.workflow())
                .text(draft.dimensions());
    }

    private static void fillAmounts(Row row, UsageEvent event, Draft draft) throws SQLException {
        var amounts = event.metered().amounts();
        var quantities = amounts.quantities();
        row.number(quantities.requests())
                .number(quantities.tokensInput())
                .number(quantities.tokensOutput())
                .number(quantities.tokens())
                .text(draft.quantities())
                .text(draft.levels())
                .number(amounts.cost().picos());
    }

    private static void fillTokens(Row row, UsageEvent event) throws SQLException {
        var tokens = event.metered().tokens();
        row.number(tokens.input())
                .number(tokens.cachedInput())
                .number(tokens.cacheWrite5m())
                .number(tokens.cacheWrite1h())
                .number(tokens.inputAudio())
                .number(tokens.output())
                .number(tokens.outputAudio())
                .number(tokens.reasoning());
    }

    private static void fillResult(Row row, UsageEvent event) throws SQLException {
        var result = event.result();
        row.number(Codes.of(event.metered().evidence()))
                .number(Codes.of(result.outcome()))
                .text(result.errorType())
                .number(result.latencyMillis())
                .number(result.queueWaitMillis())
                .flag(result.late())
                .text(event.metadata().isEmpty() ? null : event.metadata())
                .number(event.fingerprint());
    }
}
