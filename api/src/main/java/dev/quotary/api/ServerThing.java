package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import java.io.IOException;
import java.util.function.Predicate;

/**
 * A kind of things that the whole server shares: plans, meters, the operator's own prices with their adjustments.
 *
 * @param open whether those may look who see one organization only
 */
record ServerThing(Kind kind, String plural, boolean open) implements Thing {
    @Override
    public String organization(Exchange exchange, String key, boolean changes) {
        if (changes || !open) {
            ofServer(exchange, plural);
        }
        return "";
    }

    /** @throws ProblemException if the caller is not an admin of the whole server */
    static void ofServer(Exchange exchange, String what) {
        if (exchange.principal().key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "The " + what + " are the whole server's: show an admin key that has no organization.");
        }
    }

    @Override
    public Predicate<Item.Name> wanted(Exchange exchange) {
        var text = TextFilter.of(exchange);
        return name -> text.in(name.key());
    }

    @Override
    public void write(JsonGenerator json, Item item) throws IOException {
        json.writeStartObject();
        if (!kind.named()) {
            json.writeStringField("id", item.name().key());
        }
        Thing.members(json, item);
        json.writeEndObject();
    }

    @Override
    public Value declared(Value body) {
        return !kind.named() && body.isObject() ? body.without("id") : body;
    }
}
