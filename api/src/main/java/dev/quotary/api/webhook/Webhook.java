package dev.quotary.api.webhook;

import dev.quotary.api.key.Secret;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.JsonPath;
import dev.quotary.http.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A declared webhook: by whom it is signed, and where in a call is what.
 *
 * @param key tells the webhooks of an organization apart
 * @param tolerance how old a call may be, and how far ahead of us
 * @param id where the id is that tells a repeat; empty for that of the call, where the scheme has one
 * @param types what calls are taken, by their type, which may end in {@code *}; empty for all
 * @param data what of a call is kept and read by meters: a name to where it is
 */
public record Webhook(
        String key,
        Scheme scheme,
        Duration tolerance,
        Optional<JsonPath> id,
        Said type,
        JsonPath subject,
        Optional<JsonPath> time,
        List<String> types,
        Map<String, JsonPath> data) {
    public Webhook {
        types = List.copyOf(types);
        data = Map.copyOf(data);
    }

    /** A text that is always the same, or where it is in a call. */
    public sealed interface Said {
        record Always(String text) implements Said {}

        record At(JsonPath path) implements Said {}
    }

    /** A call of somebody else's. */
    public static final class Delivery {
        private final Function<String, Optional<String>> headers;
        private final byte[] body;
        private final Instant receivedAt;

        public Delivery(Function<String, Optional<String>> headers, byte[] body, Instant receivedAt) {
            this.headers = headers;
            this.body = body;
            this.receivedAt = receivedAt;
        }
    }

    /**
     * The event that a call is; empty for a call of a type that is not wanted.
     *
     * @throws NotSignedException if it is not signed as it has to be, or too old
     * @throws InvalidInputException naming the place, if what is needed is not in it
     */
    public Optional<Value> event(Delivery delivery, List<Secret> secrets) {
        var signed = scheme.signed(delivery.headers);
        if (secrets.isEmpty() || !scheme.verified(signed, delivery.body, secrets)) {
            throw unsigned();
        }
        signed.sentAt().ifPresent(sentAt -> requireFresh(sentAt, delivery.receivedAt));
        var body = Documents.json(delivery.body);
        var called = switch (type) {
            case Said.Always(var text) -> text;
            case Said.At(var path) -> need(body, path, "type").scalar();
        };
        if (!types.isEmpty() && types.stream().noneMatch(pattern -> matches(pattern, called))) {
            return Optional.empty();
        }
        return Optional.of(event(body, called, signed));
    }

    /** The same whatever is wrong, so that nothing can be learned of what there is. */
    public static NotSignedException unsigned() {
        return new NotSignedException("the signature is not that of this body under a secret of this webhook");
    }

    private void requireFresh(Instant sentAt, Instant now) {
        if (Duration.between(sentAt, now).abs().compareTo(tolerance) > 0) {
            throw new NotSignedException(
                    "sent at " + sentAt + ", which is more than " + tolerance.toSeconds() + " seconds from now");
        }
    }

    private Value event(Value body, String called, Scheme.Signed signed) {
        var name = id.map(path -> need(body, path, "id").scalar())
                .or(signed::id)
                .orElseThrow(() -> new InvalidInputException("", 0, "expected an id of the call in its headers"));
        var event = Documents.json("{\"specversion\":\"1.0\"}")
                .with("source", Documents.text("webhook/" + key))
                .with("id", Documents.text(name))
                .with("type", Documents.text(called))
                .with("subject", Documents.text(need(body, subject, "subject").scalar()));
        if (time.isPresent()) {
            event = event.with(
                    "time",
                    Documents.text(moment(need(body, time.get(), "time")).toString()));
        }
        var kept = Documents.json("{}");
        for (var each : new TreeMap<>(data).entrySet()) {
            var value = each.getValue().find(body);
            kept = value == null ? kept : kept.with(each.getKey(), value);
        }
        return event.with("data", kept);
    }

    private static Value need(Value body, JsonPath path, String what) {
        var value = path.find(body);
        if (value == null) {
            throw body.wrong("expected the " + what + " at " + path);
        }
        return value;
    }

    /** As text of RFC 3339, or as seconds since 1970, as most senders write it. */
    private static Instant moment(Value value) {
        return value.isText() ? value.instant() : Instant.ofEpochSecond(value.integer(0, 99_999_999_999L));
    }

    private static boolean matches(String pattern, String text) {
        return pattern.endsWith("*")
                ? text.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(text);
    }
}
