package dev.quotary.api;

import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Edit.Decision;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Owner;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The parts of declared things that have an address of their own: overrides of subjects and organizations, prices of organizations. They
 * are stored, checked and audited as what they are, members of the whole thing.
 */
final class PartEndpoints {
    private final Thing thing;
    private final Part part;
    private final Declaring declaring;

    /**
     * Which parts.
     *
     * @param list the member of the thing that lists them
     * @param word for one of them
     * @param key what tells them apart
     * @param keyMember the member that is the key; empty where the key is made of several
     */
    record Part(String list, String word, Function<Value, String> key, Optional<String> keyMember) {}

    PartEndpoints(Thing thing, Part part, Declaring declaring) {
        this.thing = thing;
        this.part = part;
        this.declaring = declaring;
    }

    Reply list(Exchange exchange) {
        var name = named(exchange, false);
        var list = part.list + "/" + name.organization() + "/" + name.key();
        var after = Cursors.place(exchange, list).orElse("");
        int limit = Cursors.limit(exchange);
        var parts = declaring.find(name).map(this::parts).orElseGet(() -> nothing(name)).stream()
                .filter(value -> part.key.apply(value).compareTo(after) > 0)
                .sorted((one, other) -> part.key.apply(one).compareTo(part.key.apply(other)))
                .limit(limit + 1L)
                .toList();
        var page = parts.subList(0, Math.min(limit, parts.size()));
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart(part.list);
            for (var value : page) {
                json.writeRawValue(shown(value));
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    parts.size() > limit ? Cursors.cursor(list, part.key.apply(page.getLast())) : null);
            json.writeEndObject();
        });
    }

    Reply show(Exchange exchange) {
        var name = named(exchange, false);
        var found = declaring.find(name).flatMap(item -> find(item, exchange.parameter(1)));
        var shown = shown(found.orElseThrow(() -> missing(exchange.parameter(1))));
        var tag = ETag.of(shown);
        return Precondition.of(exchange).known(tag)
                ? response -> response.setStatusCode(Reply.NOT_MODIFIED)
                        .putHeader(HttpHeaders.ETAG, tag.text())
                        .end()
                : tagged(Reply.OK, shown);
    }

    Reply create(Exchange exchange) {
        var name = named(exchange, true);
        var value = declared(exchange);
        var key = part.key.apply(value);
        ThingEndpoints.edit(declaring, name, exchange, known -> {
            if (known.flatMap(item -> find(item, key)).isPresent()) {
                throw new ProblemException(
                        ErrorCode.ALREADY_EXISTS, "There is a " + part.word + " '" + key + "' already.");
            }
            return put(known, name, key, Optional.of(value));
        });
        return tagged(Reply.CREATED, shown(value));
    }

    Reply replace(Exchange exchange) {
        var name = named(exchange, true);
        var key = exchange.parameter(1);
        var value = keyed(declared(exchange), key);
        var precondition = Precondition.of(exchange);
        var edited = ThingEndpoints.edit(declaring, name, exchange, known -> {
            var current = known.flatMap(item -> find(item, key));
            boolean repeat = current.isPresent() && precondition.noneMatch().isEmpty() && same(current.get(), value);
            if (!repeat) {
                precondition.check(current.map(there -> ETag.of(shown(there))));
            }
            return put(known, name, key, Optional.of(value));
        });
        boolean there = edited.before().flatMap(item -> find(item, key)).isPresent();
        return tagged(there ? Reply.OK : Reply.CREATED, shown(value));
    }

    Reply delete(Exchange exchange) {
        var key = exchange.parameter(1);
        var name = named(exchange, true);
        var precondition = Precondition.of(exchange);
        ThingEndpoints.edit(declaring, name, exchange, known -> {
            var current = known.flatMap(item -> find(item, key)).orElseThrow(() -> missing(key));
            precondition.check(Optional.of(ETag.of(shown(current))));
            return put(known, name, key, Optional.empty());
        });
        return response -> response.setStatusCode(Reply.NO_CONTENT).end();
    }

    /** The thing with another part in the place of those of this key, or without them. */
    private Decision put(Optional<Item> known, Item.Name name, String key, Optional<Value> value) {
        if (known.isEmpty() && !thing.mayBeMade(name)) {
            throw missingThing(name);
        }
        var whole =
                known.map(Item::value).orElseGet(() -> Documents.json("{}").with("key", Documents.text(name.key())));
        var others = new ArrayList<>(whole.fields().items(part.list).stream()
                .filter(other -> !part.key.apply(other).equals(key))
                .toList());
        value.ifPresent(others::add);
        var owner = known.isPresent() ? known.get().owner() : Optional.of(Owner.API);
        return new Decision.Put(whole.with(part.list, others), owner);
    }

    private Item.Name named(Exchange exchange, boolean changes) {
        var key = exchange.parameter(0);
        return new Item.Name(thing.kind(), thing.organization(exchange, key, changes), key);
    }

    private Value declared(Exchange exchange) {
        var body = exchange.json();
        if (!body.isObject()) {
            throw body.wrong("expected an object");
        }
        return body.without("id").without("organization");
    }

    private Value keyed(Value value, String key) {
        var complete = part.keyMember
                .filter(member -> !value.fields().has(member))
                .map(member -> value.with(member, Documents.text(key)))
                .orElse(value);
        if (!part.key.apply(complete).equals(key)) {
            throw complete.wrong("expected the " + part.word + " of the path, '" + key + "'");
        }
        return complete;
    }

    private List<Value> parts(Item item) {
        return item.value().fields().items(part.list);
    }

    /** Of several of one key the last: it is the one that stands. */
    private Optional<Value> find(Item item, String key) {
        return parts(item).stream()
                .filter(value -> part.key.apply(value).equals(key))
                .reduce((_, later) -> later);
    }

    private List<Value> nothing(Item.Name name) {
        if (!thing.mayBeMade(name)) {
            throw missingThing(name);
        }
        return List.of();
    }

    private String shown(Value value) {
        return part.keyMember.isPresent()
                ? value.json()
                : value.with("id", Documents.text(part.key.apply(value))).json();
    }

    private static boolean same(Value one, Value other) {
        return one.canonical().json().equals(other.canonical().json());
    }

    private ProblemException missing(String key) {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no " + part.word + " '" + key + "'.");
    }

    private ProblemException missingThing(Item.Name name) {
        return new ProblemException(
                ErrorCode.NOT_FOUND, "There is no " + name.kind().key() + " '" + name.key() + "'.");
    }

    private static Reply tagged(int status, String shown) {
        return response -> {
            response.putHeader(HttpHeaders.ETAG, ETag.of(shown).text());
            Answers.json(response, status, json -> json.writeRawValue(shown));
        };
    }
}
