package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.call.Call;
import dev.quotary.http.Times;
import dev.quotary.ledger.Correction;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.MeteredPart;
import dev.quotary.ledger.Origin;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.price.Component;
import dev.quotary.price.Receipt;
import dev.quotary.price.TokenUsage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a usage event as it was recorded. */
final class EventJson {
    private EventJson() {}

    /**
     * @param corrections of its cost, in their order
     * @param inside whether the reader may know what the call cost the operator; an end user may not
     */
    static void write(JsonGenerator json, UsageEvent event, List<Correction> corrections, boolean inside)
            throws IOException {
        var metered = event.metered();
        var result = event.result();
        json.writeStartObject();
        json.writeStringField("id", event.id().toString());
        json.writeStringField("time", Times.text(event.time()));
        call(json, event.call());
        AmountJson.amounts(json, metered.amounts());
        if (inside) {
            json.writeStringField("provider_cost", metered.providerCost().toString());
        }
        json.writeStringField("cost_basis", metered.facts().basis().key());
        text(
                json,
                "served_model",
                metered.facts().served().orElse(event.call().dimensions().model()));
        tokens(json, metered.tokens());
        json.writeStringField("outcome", result.outcome().key());
        text(json, "error_type", result.errorType());
        json.writeNumberField("latency_ms", result.latencyMillis());
        json.writeNumberField("queue_wait_ms", result.queueWaitMillis());
        json.writeBooleanField("late", result.late());
        json.writeStringField("source", metered.evidence().key());
        receipt(json, metered.receipt());
        parts(json, metered.parts());
        text(
                json,
                "corrected_cost",
                corrections.isEmpty()
                        ? null
                        : corrections.getLast().after().amounts().cost().toString());
        corrections(json, corrections, inside);
        origin(json, event.origin());
        json.writeFieldName("metadata");
        json.writeRawValue(event.metadata().isEmpty() ? "{}" : event.metadata());
        json.writeEndObject();
    }

    /**
     * Writes an event as lists show it: with what it costs now, and without how that came about.
     *
     * @param inside as above
     */
    static void summary(JsonGenerator json, Recorded recorded, boolean inside) throws IOException {
        var event = recorded.event();
        var metered = recorded.metered();
        var result = event.result();
        json.writeStartObject();
        json.writeStringField("id", event.id().toString());
        json.writeStringField("time", Times.text(event.time()));
        call(json, event.call());
        AmountJson.amounts(json, metered.amounts());
        if (inside) {
            json.writeStringField("provider_cost", metered.providerCost().toString());
        }
        json.writeStringField("cost_basis", metered.facts().basis().key());
        json.writeBooleanField(
                "corrected", !metered.amounts().equals(event.metered().amounts()));
        tokens(json, event.metered().tokens());
        json.writeStringField("outcome", result.outcome().key());
        text(json, "error_type", result.errorType());
        json.writeNumberField("latency_ms", result.latencyMillis());
        json.writeNumberField("queue_wait_ms", result.queueWaitMillis());
        json.writeBooleanField("late", result.late());
        json.writeStringField("source", event.metered().evidence().key());
        json.writeFieldName("metadata");
        json.writeRawValue(event.metadata().isEmpty() ? "{}" : event.metadata());
        json.writeEndObject();
    }

    static void call(JsonGenerator json, Call call) throws IOException {
        var dimensions = call.dimensions();
        json.writeStringField("organization", call.organization().value());
        text(json, "subject", call.subject() == null ? null : call.subject().value());
        text(json, "key", call.key() == null ? null : call.key().value());
        text(json, "provider", dimensions.provider());
        text(json, "model", dimensions.model());
        text(json, "feature", dimensions.feature());
        text(json, "session", dimensions.session());
        text(json, "workflow", dimensions.workflow());
        AmountJson.texts(json, "dimensions", dimensions.others());
    }

    private static void origin(JsonGenerator json, Optional<Origin> origin) throws IOException {
        json.writeFieldName("cloud_event");
        if (origin.isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("source", origin.get().source());
        json.writeStringField("id", origin.get().name());
        json.writeStringField("type", origin.get().type());
        json.writeStringField("received_at", Times.text(origin.get().receivedAt()));
        json.writeEndObject();
    }

    private static void corrections(JsonGenerator json, List<Correction> corrections, boolean inside)
            throws IOException {
        json.writeArrayFieldStart("corrections");
        for (var correction : corrections) {
            var after = correction.after();
            json.writeStartObject();
            json.writeStringField("time", Times.text(correction.at()));
            json.writeStringField("by", correction.by());
            json.writeStringField("reason", correction.reason());
            json.writeStringField("before", correction.before().toString());
            json.writeStringField("cost", after.amounts().cost().toString());
            if (inside) {
                json.writeStringField("provider_cost", after.providerCost().toString());
            }
            json.writeStringField("cost_basis", after.facts().basis().key());
            receipt(json, after.receipt());
            parts(json, after.parts());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void parts(JsonGenerator json, List<MeteredPart> parts) throws IOException {
        json.writeArrayFieldStart("parts");
        for (var part : parts) {
            json.writeStartObject();
            json.writeStringField("model", part.usage().model());
            tokens(json, part.usage().tokens());
            receipt(json, part.receipt());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void receipt(JsonGenerator json, Optional<Receipt> receipt) throws IOException {
        json.writeFieldName("receipt");
        if (receipt.isPresent()) {
            AmountJson.receipt(json, receipt.get());
        } else {
            json.writeNull();
        }
    }

    /** All kinds of tokens; of the fees those that were used, as there are many and few calls have any. */
    private static void tokens(JsonGenerator json, TokenUsage tokens) throws IOException {
        json.writeObjectFieldStart("tokens");
        for (var component : Component.TOKENS) {
            json.writeNumberField(component.key(), tokens.of(component));
        }
        json.writeNumberField("reasoning", tokens.reasoning());
        json.writeEndObject();
        json.writeObjectFieldStart("fees");
        for (var fee : Component.FEES) {
            if (tokens.of(fee) > 0) {
                json.writeNumberField(fee.key(), tokens.of(fee));
            }
        }
        json.writeEndObject();
    }

    static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, text);
        }
    }
}
