package dev.quotary.api;

import dev.quotary.api.key.Secret;
import dev.quotary.api.provider.ProviderKeys;
import dev.quotary.api.provider.StoredKey;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.http.Value;
import java.util.List;

/** Setting and listing the server's keys at providers. */
final class ProviderKeyEndpoints {
    private final ProviderKeys keys;

    ProviderKeyEndpoints(ProviderKeys keys) {
        this.keys = keys;
    }

    Reply set(Exchange exchange) {
        var provider = provider(exchange);
        var body = exchange.json();
        var fields = body.fields();
        var list = fields.need("keys");
        if (!list.isList()) {
            throw list.wrong("expected a list of keys");
        }
        var secrets = list.items().stream().map(ProviderKeyEndpoints::secret).toList();
        fields.done();
        return reply(provider, body.checked(() -> keys.set(provider, secrets, exchange.actor())));
    }

    Reply list(Exchange exchange) {
        var provider = provider(exchange);
        return reply(provider, keys.keys(provider));
    }

    /** Unlike other wrong values, one that stands where a key belongs is not quoted. */
    private static Secret secret(Value item) {
        if (!item.isText()) {
            throw item.wrong("expected a key as text");
        }
        return new Secret(item.string());
    }

    private String provider(Exchange exchange) {
        if (exchange.principal().key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "Keys of providers are the whole server's: show an admin key without organization.");
        }
        var provider = exchange.parameter(0);
        if (!keys.knows(provider)) {
            throw new ProblemException(
                    ErrorCode.NOT_FOUND,
                    "No provider of this name is configured, or clients show their own keys of it.");
        }
        return provider;
    }

    private static Reply reply(String provider, List<StoredKey> stored) {
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeStringField("provider", provider);
            json.writeArrayFieldStart("keys");
            for (var key : stored) {
                json.writeStartObject();
                json.writeStringField("prefix", key.prefix());
                json.writeStringField("fingerprint", key.fingerprint());
                json.writeStringField("created_at", Times.text(key.createdAt()));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
