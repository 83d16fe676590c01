package dev.quotary.sql;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of usage events. */
final class Events {
    private static final String INSERT = """
            INSERT INTO usage_event (organization, id, time, subject, api_key, provider, model, feature, session, workflow, dimensions,
                requests, tokens_input, tokens_output, tokens, quantities, levels, cost, price,
                input, cached_input, cache_write_5m, cache_write_1h, input_audio, output, output_audio, reasoning,
                evidence, outcome, error_type, latency_ms, queue_wait_ms, late, metadata, fingerprint)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (organization, id) DO NOTHING""";
    private static final String DELETE = "DELETE FROM usage_event WHERE organization = ? AND id = ?";

    private final Session session;
    private final AppliedPrices prices;

    Events(Session session) {
        this.session = session;
        this.prices = new AppliedPrices(session);
    }

    /** Stores an event; false if its organization has one of that id already. */
    boolean insert(Draft draft) throws SQLException {
        var event = draft.entry().event();
        var row = session.fill(INSERT);
        fillCall(row, event, draft);
        fillAmounts(row, event, draft);
        fillTokens(row, event);
        fillResult(row, event);
        return session.prepared(INSERT).executeUpdate() > 0;
    }

    private static void fillCall(Parameters row, UsageEvent event, Draft draft) throws SQLException {
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

    private void fillAmounts(Parameters row, UsageEvent event, Draft draft) throws SQLException {
        var amounts = event.metered().amounts();
        var quantities = amounts.quantities();
        row.number(quantities.requests())
                .number(quantities.tokensInput())
                .number(quantities.tokensOutput())
                .number(quantities.tokens())
                .text(draft.quantities())
                .text(draft.levels())
                .number(amounts.cost().picos())
                .numberOrNull(priceId(draft.price()));
    }

    private @Nullable Long priceId(@Nullable AppliedPrice price) throws SQLException {
        return price == null ? null : prices.id(price);
    }

    private static void fillTokens(Parameters row, UsageEvent event) throws SQLException {
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

    private static void fillResult(Parameters row, UsageEvent event) throws SQLException {
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

    /** Takes back an {@link #insert} of the same transaction. */
    void delete(OrganizationKey organization, EventId id) throws SQLException {
        session.fill(DELETE).text(organization.value()).id(id);
        session.prepared(DELETE).executeUpdate();
    }

    /** The event that a draft could not be stored beside. */
    UsageEvent stored(Draft draft) throws SQLException {
        var event = draft.entry().event();
        return find(session, event.call().organization(), event.id())
                .orElseThrow(() -> new IllegalStateException("event " + event.id() + " conflicts with none"));
    }

    static Optional<UsageEvent> find(Session session, OrganizationKey organization, EventId id) throws SQLException {
        session.fill(EventRow.SELECT_BY_ID).text(organization.value()).id(id);
        try (var row = session.prepared(EventRow.SELECT_BY_ID).executeQuery()) {
            return row.next() ? Optional.of(EventRow.read(new Columns(row))) : Optional.empty();
        }
    }
}
