package dev.quotary.api.event;

import dev.quotary.http.Fingerprint;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.ledger.Origin;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent (version 1.0, JSON format), checked. Extension attributes may be there; they are neither counted by nor kept.
 *
 * @param place where it stands, for errors about it
 * @param time empty where its sender did not say
 * @param data an object; empty where there is none
 */
public record CloudEvent(
        Value place,
        String source,
        String id,
        String type,
        String subject,
        Optional<Instant> time,
        Optional<Value> data) {
    /** Longest data, as JSON: it is kept with the event, and searched. */
    public static final int DATA_LENGTH_MAX = 8192;

    private static final String VERSION = "1.0";
    private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]{1,64}");
    private static final Pattern JSON_TYPE = Pattern.compile("application/json(\\s*;.*)?", Pattern.CASE_INSENSITIVE);

    /** @throws InvalidInputException naming the place, if it is not a CloudEvent that can be taken */
    public static CloudEvent read(Value value) {
        var members = value.entries();
        members.forEach(CloudEvent::check);
        var version = need(value, members, "specversion");
        if (!version.string().equals(VERSION)) {
            throw version.wrong("expected specversion " + VERSION);
        }
        return new CloudEvent(
                value,
                name(value, members, "source"),
                name(value, members, "id"),
                name(value, members, "type"),
                name(value, members, "subject"),
                find(members, "time").map(Value::instant),
                find(members, "data"));
    }

    private static void check(String attribute, Value value) {
        if (value.isNull()) {
            return;
        }
        switch (attribute) {
            case "specversion", "id", "source", "type", "subject", "time" -> {}
            case "data" -> {
                if (!value.isObject()) {
                    throw value.wrong("expected data to be an object");
                }
            }
            case "datacontenttype" -> {
                if (!JSON_TYPE.matcher(value.string()).matches()) {
                    throw value.wrong("expected datacontenttype application/json");
                }
            }
            case "dataschema" -> value.string();
            case "organization" ->
                throw value.wrong("expected no organization here; name it in the header X-Quotary-Organization");
            case "data_base64" -> throw value.wrong("expected data as JSON, in the member 'data'");
            default -> checkExtension(attribute, value);
        }
    }

    private static void checkExtension(String attribute, Value value) {
        if (!EXTENSION.matcher(attribute).matches()) {
            throw value.wrong("unknown attribute '" + attribute
                    + "'; expected one of CloudEvents, or an extension, named by lower-case letters and digits");
        }
        value.scalar();
    }

    private static Optional<Value> find(Map<String, Value> members, String name) {
        return Optional.ofNullable(members.get(name)).filter(value -> !value.isNull());
    }

    private static Value need(Value event, Map<String, Value> members, String name) {
        return find(members, name).orElseThrow(() -> event.wrong("expected a member '" + name + "'"));
    }

    private static String name(Value event, Map<String, Value> members, String attribute) {
        var value = need(event, members, attribute);
        var text = value.string();
        if (text.isBlank() || text.length() > Origin.LENGTH_MAX || hasControls(text)) {
            throw value.wrong("expected " + attribute + " of 1.." + Origin.LENGTH_MAX + " printable characters");
        }
        return text;
    }

    private static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** The data as JSON; empty where there is none. */
    public String dataText() {
        if (data.isEmpty()) {
            return "";
        }
        var text = data.get().json();
        if (text.length() > DATA_LENGTH_MAX) {
            throw data.get().wrong("expected data of at most " + DATA_LENGTH_MAX + " characters of JSON");
        }
        return text;
    }

    /**
     * Tells a repeat from another event under the same id: by type, subject and data, in whatever order data is written. Not by the time:
     * clients put in that of sending where nobody gives one, and a repeat would be taken for another event.
     */
    public long fingerprint() {
        var said = new StringBuilder(type).append('\n').append(subject).append('\n');
        data.ifPresent(value -> said.append(value.canonical().json()));
        return Fingerprint.of(said.toString());
    }

    /** A place to tell errors about the data at. */
    @Nullable Value dataOrNull() {
        return data.orElse(null);
    }
}
