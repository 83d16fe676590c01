package dev.quotary.api.webhook;

import dev.quotary.http.Fields;
import dev.quotary.http.JsonPath;
import dev.quotary.http.Value;
import dev.quotary.ledger.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads a webhook as plans files and the management API write it. */
public final class WebhookReader {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final long TOLERANCE_SECONDS_MAX = 24 * 3600;
    private static final int DATA_MAX = 32;
    private static final int TYPES_MAX = 64;

    private WebhookReader() {}

    /** @throws dev.quotary.http.InvalidInputException naming the place, if it cannot be accepted */
    public static Webhook read(Value value) {
        var fields = value.fields();
        var key = fields.need("key");
        if (!KEY.matcher(key.string()).matches()) {
            throw key.wrong("expected a key of lower-case letters, digits, - and _, at most 64");
        }
        var scheme = fields.need("signature").oneOf(Scheme.values(), Scheme::key);
        fields.find("secret").ifPresent(secret -> {
            throw secret.wrong("expected no secret here: it would be shown; set it by "
                    + "PUT /api/v1/organizations/{organization}/webhooks/{webhook}/secrets");
        });
        var tolerance = fields.find("tolerance_seconds")
                .map(seconds -> Duration.ofSeconds(seconds.integer(1, TOLERANCE_SECONDS_MAX)))
                .orElse(TOLERANCE);
        var id = fields.find("id").map(path -> path.as(JsonPath::parse));
        if (id.isEmpty() && !scheme.named()) {
            throw value.wrong(
                    "expected a member 'id': calls signed as " + scheme.key() + " have no id in their headers");
        }
        var type = type(fields.need("type"));
        var subject = fields.need("subject").as(JsonPath::parse);
        var time = fields.find("time").map(path -> path.as(JsonPath::parse));
        var types = fields.items("types").stream().map(WebhookReader::pattern).toList();
        if (types.size() > TYPES_MAX) {
            throw value.wrong("expected at most " + TYPES_MAX + " types");
        }
        var data = data(fields);
        fields.done();
        return new Webhook(key.string(), scheme, tolerance, id, type, subject, time, types, data);
    }

    /** All of an organization, each key once. */
    public static List<Webhook> all(List<Value> values) {
        var webhooks = new TreeMap<String, Webhook>();
        return values.stream()
                .map(value -> {
                    var webhook = read(value);
                    if (webhooks.put(webhook.key(), webhook) != null) {
                        throw value.wrong("expected webhook '" + webhook.key() + "' only once");
                    }
                    return webhook;
                })
                .toList();
    }

    private static Webhook.Said type(Value value) {
        var text = value.string();
        if (text.startsWith("$")) {
            return new Webhook.Said.At(value.as(JsonPath::parse));
        }
        if (text.isBlank() || text.length() > Origin.LENGTH_MAX) {
            throw value.wrong("expected a type of 1.." + Origin.LENGTH_MAX + " characters, or its JSONPath");
        }
        return new Webhook.Said.Always(text);
    }

    private static String pattern(Value value) {
        var text = value.string();
        int star = text.indexOf('*');
        if (text.isEmpty() || (star >= 0 && star < text.length() - 1)) {
            throw value.wrong("expected a type, or the beginning of one and '*'");
        }
        return text;
    }

    private static Map<String, JsonPath> data(Fields fields) {
        var data = new TreeMap<String, JsonPath>();
        fields.find("data").ifPresent(paths -> {
            paths.entries().forEach((name, path) -> {
                if (!NAME.matcher(name).matches()) {
                    throw path.wrong("expected a name of letters, digits and _, at most 64, was '" + name + "'");
                }
                data.put(name, path.as(JsonPath::parse));
            });
            if (data.size() > DATA_MAX) {
                throw paths.wrong("expected at most " + DATA_MAX + " values");
            }
        });
        return data;
    }
}
