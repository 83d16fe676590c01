package dev.quotary.api.export;

import dev.quotary.http.Answers;
import dev.quotary.http.Times;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.meter.MeterKey;
import dev.quotary.price.Component;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One line per event. Values are as they were recorded, also where a spreadsheet would take them for a formula. */
public final class CsvWriter implements EventWriter {
    private final boolean inside;

    /** @param inside whether the reader may know what a call cost the operator */
    public CsvWriter(boolean inside) {
        this.inside = inside;
    }

    @Override
    public void head(StringBuilder out) {
        var names = new ArrayList<String>(Arrays.asList(
                "id",
                "time",
                "organization",
                "subject",
                "key",
                "provider",
                "model",
                "served_model",
                "feature",
                "session",
                "workflow",
                "requests",
                "tokens",
                "tokens.input",
                "tokens.output"));
        for (var component : Component.TOKENS) {
            names.add("bucket." + component.key());
        }
        names.addAll(List.of("bucket.reasoning", "quantities", "cost"));
        if (inside) {
            names.add("provider_cost");
        }
        names.addAll(List.of(
                "cost_basis",
                "outcome",
                "error_type",
                "latency_ms",
                "queue_wait_ms",
                "late",
                "source",
                "dimensions",
                "metadata"));
        Csv.line(out, List.copyOf(names));
    }

    @Override
    public void event(StringBuilder out, Recorded recorded) {
        var event = recorded.event();
        var call = event.call();
        var dimensions = call.dimensions();
        var metered = recorded.metered();
        var result = event.result();
        var line = new ArrayList<@Nullable String>();
        line.add(event.id().toString());
        line.add(Times.text(event.time()));
        line.add(call.organization().value());
        line.add(call.subject() == null ? null : call.subject().value());
        line.add(call.key() == null ? null : call.key().value());
        line.add(dimensions.provider());
        line.add(dimensions.model());
        line.add(metered.facts().served().orElse(dimensions.model()));
        line.add(dimensions.feature());
        line.add(dimensions.session());
        line.add(dimensions.workflow());
        quantities(line, recorded);
        line.add(metered.amounts().cost().toString());
        if (inside) {
            line.add(metered.providerCost().toString());
        }
        line.add(metered.facts().basis().key());
        line.add(result.outcome().key());
        line.add(result.errorType());
        line.add(Long.toString(result.latencyMillis()));
        line.add(Long.toString(result.queueWaitMillis()));
        line.add(Boolean.toString(result.late()));
        line.add(metered.evidence().key());
        line.add(object(dimensions.others()));
        line.add(event.metadata());
        Csv.line(out, line);
    }

    private static void quantities(List<@Nullable String> line, Recorded recorded) {
        var quantities = recorded.metered().amounts().quantities();
        line.add(Long.toString(quantities.requests()));
        line.add(Long.toString(quantities.tokens()));
        line.add(Long.toString(quantities.tokensInput()));
        line.add(Long.toString(quantities.tokensOutput()));
        var tokens = recorded.metered().tokens();
        for (var component : Component.TOKENS) {
            line.add(Long.toString(tokens.of(component)));
        }
        line.add(Long.toString(tokens.reasoning()));
        line.add(numbers(quantities.others()));
    }

    private static String object(Map<String, String> texts) {
        return texts.isEmpty() ? "" : json(new TreeMap<String, Object>(texts));
    }

    /** The declared meters that were used. */
    private static String numbers(Map<MeterKey, Long> others) {
        var named = new TreeMap<String, Object>();
        others.forEach((meter, amount) -> named.put(meter.value(), amount));
        return named.isEmpty() ? "" : json(named);
    }

    private static String json(Map<String, Object> members) {
        var bytes = Answers.bytes(json -> {
            json.writeStartObject();
            for (var member : members.entrySet()) {
                if (member.getValue() instanceof Long number) {
                    json.writeNumberField(member.getKey(), number);
                } else {
                    json.writeStringField(member.getKey(), member.getValue().toString());
                }
            }
            json.writeEndObject();
        });
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void end(StringBuilder out) {
        // Everything is written already.
    }
}
