package dev.quotary.api.otlp;

import dev.quotary.http.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads an export request in OTLP's JSON: names in camel case, ids in hexadecimal, 64-bit numbers as text. Unknown members are passed over. */
public final class OtlpJson {
    private static final String ERROR = "STATUS_CODE_ERROR";
    private static final long ERROR_CODE = 2;

    private OtlpJson() {}

    /** @throws dev.quotary.http.InvalidInputException naming the place, if it is none */
    public static List<Span> spans(Value request) {
        var spans = new ArrayList<Span>();
        for (var resource : list(request, "resourceSpans")) {
            var shared = new HashMap<String, String>();
            member(resource, "resource").ifPresent(value -> attributes(value, shared));
            for (var scope : list(resource, "scopeSpans")) {
                for (var span : list(scope, "spans")) {
                    if (spans.size() == Span.SPANS_MAX) {
                        throw span.wrong("expected at most " + Span.SPANS_MAX + " spans");
                    }
                    spans.add(span(span, shared));
                }
            }
        }
        return spans;
    }

    private static Span span(Value span, Map<String, String> shared) {
        var attributes = new HashMap<>(shared);
        attributes(span, attributes);
        return new Span(
                text(span, "traceId").toLowerCase(Locale.ROOT),
                text(span, "spanId").toLowerCase(Locale.ROOT),
                nanos(span, "startTimeUnixNano"),
                nanos(span, "endTimeUnixNano"),
                member(span, "status")
                        .flatMap(status -> member(status, "code"))
                        .filter(OtlpJson::error)
                        .isPresent(),
                attributes);
    }

    private static boolean error(Value code) {
        return code.isText() ? code.string().equals(ERROR) : code.integer(0, Integer.MAX_VALUE) == ERROR_CODE;
    }

    private static void attributes(Value of, Map<String, String> into) {
        for (var attribute : list(of, "attributes")) {
            member(attribute, "value")
                    .ifPresent(value -> value.entries().forEach((kind, held) -> {
                        switch (kind) {
                            case "stringValue", "intValue", "doubleValue", "boolValue" ->
                                into.put(text(attribute, "key"), held.scalar());
                            default -> {
                                // Lists and maps hold prompts and the like: nothing that is counted.
                            }
                        }
                    }));
        }
    }

    private static Optional<Value> member(Value value, String name) {
        return value.isObject()
                ? Optional.ofNullable(value.entries().get(name)).filter(member -> !member.isNull())
                : Optional.empty();
    }

    private static List<Value> list(Value value, String name) {
        return member(value, name).map(Value::items).orElse(List.of());
    }

    private static String text(Value value, String name) {
        return member(value, name).map(Value::string).orElse("");
    }

    private static long nanos(Value value, String name) {
        return member(value, name)
                .map(nanos -> nanos.isText() ? nanos.as(Long::parseLong) : nanos.integer(0, Long.MAX_VALUE))
                .orElse(0L);
    }
}
