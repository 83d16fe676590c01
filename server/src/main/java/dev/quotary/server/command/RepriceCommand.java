package dev.quotary.server.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prices recorded events of a running server anew, step by step, and shows what that changes. */
@Command(
        name = "reprice",
        description = "Prices recorded events anew by the prices in force, and records corrections.",
        mixinStandardHelpOptions = true)
public final class RepriceCommand implements Callable<Integer> {
    @Option(names = "--from", required = true, description = "First day or instant, such as 2026-11-01.")
    private String from = "";

    @Option(names = "--to", required = true, description = "First day or instant after.")
    private String to = "";

    @Option(names = "--provider", description = "Only this provider's models.")
    private @Nullable String provider;

    @Option(names = "--model", description = "Only this model, or models that begin with what stands before a *.")
    private @Nullable String model;

    @Option(names = "--organization", description = "Only this organization.")
    private @Nullable String organization;

    @Option(names = "--reason", description = "Why; stands in every correction.")
    private String reason = "";

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    @Mixin
    private ApiClient client = new ApiClient();

    private final Map<String, Sum> sums = new TreeMap<>();
    private long events;
    private long named;
    private long unpriced;
    private long overtaken;

    private record Sum(long events, BigDecimal before, BigDecimal after) {
        Sum plus(Sum other) {
            return new Sum(events + other.events, before.add(other.before), after.add(other.after));
        }
    }

    @Override
    public Integer call() {
        Optional<Value> next = Optional.empty();
        do {
            var after = next;
            var answer = client.postJson("/api/v1/admin/reprice", json -> order(json, after))
                    .fields();
            take(answer);
            next = answer.find("next");
        } while (next.isPresent());
        show();
        return 0;
    }

    private void order(JsonGenerator json, Optional<Value> after) throws IOException {
        json.writeStartObject();
        json.writeStringField("from", from);
        json.writeStringField("to", to);
        text(json, "provider", provider);
        text(json, "model", model);
        text(json, "organization", organization);
        json.writeStringField("reason", reason);
        json.writeBooleanField("dry_run", dryRun);
        if (after.isPresent()) {
            json.writeFieldName("after");
            json.writeRawValue(after.get().json());
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }

    private void take(Fields answer) {
        events += number(answer, "events");
        named += number(answer, "named_by_others");
        unpriced += number(answer, "unpriced");
        overtaken += number(answer, "overtaken");
        for (var value : answer.items("corrected")) {
            var sum = value.fields();
            var key = sum.need("organization").string() + "  "
                    + sum.need("provider").string() + "/" + sum.need("model").string();
            sums.merge(
                    key,
                    new Sum(
                            number(sum, "events"),
                            new BigDecimal(sum.need("before").string()),
                            new BigDecimal(sum.need("after").string())),
                    Sum::plus);
        }
    }

    private static long number(Fields fields, String name) {
        return Long.parseLong(fields.need(name).scalar());
    }

    private void show() {
        sums.forEach((key, sum) -> System.out.println(key + "  " + sum.events + " events: " + sum.before.toPlainString()
                + " -> " + sum.after.toPlainString() + " USD"));
        long corrected = sums.values().stream().mapToLong(Sum::events).sum();
        System.out.println(events + " events looked at, " + corrected + (dryRun ? " would be corrected" : " corrected")
                + "; " + named + " keep a cost that a provider or a caller named, " + unpriced
                + " have no price now" + (overtaken == 0 ? "" : ", " + overtaken + " were corrected by somebody else"));
    }
}
