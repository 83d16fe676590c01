package dev.quotary.api;

import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Edit;
import dev.quotary.api.declare.Edit.Decision;
import dev.quotary.api.declare.InUseException;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Owner;
import dev.quotary.api.declare.Page;
import dev.quotary.api.declare.Warning;
import dev.quotary.http.Answers;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Listing, making, reading, changing and deleting one kind of declared things.
 *
 * <p>Everything is decided under the one lock of {@link Declaring}, the caller's precondition included: of two callers who have read the
 * same state one wins, and the other is told.
 */
final class ThingEndpoints {
    private static final String KEY = "key";
    private static final String WARNING = "X-Quotary-Warning";

    private final Thing thing;
    private final Declaring declaring;

    ThingEndpoints(Thing thing, Declaring declaring) {
        this.thing = thing;
        this.declaring = declaring;
    }

    Reply list(Exchange exchange) {
        var organization = thing.organization(exchange, "", false);
        var list = thing.kind().key() + "/" + organization;
        var after = Cursors.place(exchange, list).orElse("");
        var order = new Page.Order(
                new Item.Name(thing.kind(), organization, after),
                exchange.query("prefix").orElse(""),
                Cursors.limit(exchange),
                thing.wanted(exchange));
        var page = thing.page(exchange, declaring, order);
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart(thing.plural());
            for (var item : page.items()) {
                thing.write(json, item);
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    page.next().map(name -> Cursors.cursor(list, name.key())).orElse(null));
            json.writeEndObject();
        });
    }

    Reply show(Exchange exchange) {
        var key = exchange.parameter(0);
        var name = new Item.Name(thing.kind(), thing.organization(exchange, key, false), key);
        return shown(exchange, declaring.find(name).orElseThrow(() -> missing(key)));
    }

    /** What is there, unless the caller knows it already. */
    Reply shown(Exchange exchange, Item item) {
        var shown = text(item);
        return Precondition.of(exchange).known(ETag.of(shown)) ? unchanged(ETag.of(shown)) : tagged(Reply.OK, shown);
    }

    Reply create(Exchange exchange) {
        var organization = thing.organization(exchange, "", true);
        var body = exchange.json();
        var declared = declared(body);
        var key = thing.kind().keyOf(declared);
        var name = new Item.Name(thing.kind(), organization, key);
        var owner = owner(body).or(() -> Optional.of(Owner.API));
        var edited = edit(name, exchange, known -> {
            if (known.isPresent()) {
                throw new ProblemException(
                        ErrorCode.ALREADY_EXISTS, "There is a " + words() + " '" + key + "' already.");
            }
            return new Decision.Put(declared, owner);
        });
        return changed(Reply.CREATED, edited);
    }

    Reply replace(Exchange exchange) {
        var name = named(exchange, true);
        var body = exchange.json();
        var precondition = Precondition.of(exchange);
        var declared = keyed(declared(body), name.key());
        var owner = owner(body);
        var edited = edit(name, exchange, known -> {
            var maker = owner.or(() -> known.isPresent() ? known.get().owner() : Optional.of(Owner.API));
            // A repeat of what was done already, whose answer was lost perhaps, is no lost update.
            boolean repeat = known.isPresent()
                    && precondition.noneMatch().isEmpty()
                    && known.get().owner().equals(maker)
                    && known.get().content().equals(declared.canonical().json());
            if (!repeat) {
                precondition.check(known.map(this::tag));
            }
            return new Decision.Put(declared, maker);
        });
        int status = edited.before().isPresent() ? Reply.OK : Reply.CREATED;
        return changed(status, edited);
    }

    Reply change(Exchange exchange) {
        var name = named(exchange, true);
        var patch = exchange.json();
        if (!patch.isObject()) {
            throw patch.wrong("expected an object with the members to be changed");
        }
        var precondition = Precondition.of(exchange);
        var declared = declared(patch);
        var owner = owner(patch);
        var edited = edit(name, exchange, known -> {
            var current = known.orElseThrow(() -> missing(name.key()));
            precondition.check(Optional.of(tag(current)));
            var changed = keyed(current.value().patched(declared), name.key());
            return new Decision.Put(changed, owner.or(current::owner));
        });
        return changed(Reply.OK, edited);
    }

    Reply delete(Exchange exchange) {
        var name = named(exchange, true);
        var precondition = Precondition.of(exchange);
        edit(name, exchange, known -> {
            var current = known.orElseThrow(() -> missing(name.key()));
            precondition.check(Optional.of(tag(current)));
            if (current.owner().equals(Optional.of(Owner.APPLY))) {
                throw new ProblemException(
                        ErrorCode.DECLARED_BY_FILE,
                        "A plans file declares the " + words() + " '" + name.key()
                                + "': take it out of the file and apply that with 'prune', or set 'managed_by' to 'api' first.");
            }
            thing.checkUnused(name);
            return new Decision.Remove();
        });
        return response -> response.setStatusCode(Reply.NO_CONTENT).end();
    }

    private Edit.Edited edit(Item.Name name, Exchange exchange, Edit edit) {
        return edit(declaring, name, exchange, edit);
    }

    static Edit.Edited edit(Declaring declaring, Item.Name name, Exchange exchange, Edit edit) {
        try {
            return declaring.edit(name, exchange.actor(), edit);
        } catch (InUseException e) {
            throw new ProblemException(ErrorCode.IN_USE, e.why());
        }
    }

    private Item.Name named(Exchange exchange, boolean changes) {
        var key = exchange.parameter(0);
        return new Item.Name(thing.kind(), thing.organization(exchange, key, changes), key);
    }

    private Value declared(Value body) {
        return thing.declared(body).without(Item.MANAGED_BY);
    }

    private static Optional<Owner> owner(Value body) {
        return body.fields().find(Item.MANAGED_BY).map(word -> word.oneOf(Owner.values(), Owner::key));
    }

    /** With the key of the path, which the body may repeat and not contradict. */
    private Value keyed(Value declared, String key) {
        var complete = declared;
        if (!declared.fields().has(KEY) && thing.kind().named()) {
            complete = declared.with(KEY, Documents.text(key));
        }
        if (!thing.kind().keyOf(complete).equals(key)) {
            throw complete.wrong("expected the " + words() + " of the path, '" + key + "'");
        }
        return complete;
    }

    private String words() {
        return thing.kind().key().replace('_', ' ');
    }

    private ProblemException missing(String key) {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is no " + words() + " '" + key + "'.");
    }

    private String text(Item item) {
        return new String(Answers.bytes(json -> thing.write(json, item)), StandardCharsets.UTF_8);
    }

    private ETag tag(Item item) {
        return ETag.of(text(item));
    }

    private Reply changed(int status, Edit.Edited edited) {
        var reply = tagged(status, text(edited.after().orElseThrow()));
        return response -> {
            edited.warnings().forEach(warning -> response.headers().add(WARNING, line(warning)));
            reply.send(response);
        };
    }

    /** In a header, as the body is the thing itself; what has no place there is left out. */
    private static String line(Warning warning) {
        var text = warning.pointer().isEmpty() ? warning.message() : warning.pointer() + ": " + warning.message();
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static Reply tagged(int status, String shown) {
        return response -> {
            response.putHeader(HttpHeaders.ETAG, ETag.of(shown).text());
            Answers.json(response, status, json -> json.writeRawValue(shown));
        };
    }

    private static Reply unchanged(ETag tag) {
        return response -> response.setStatusCode(Reply.NOT_MODIFIED)
                .putHeader(HttpHeaders.ETAG, tag.text())
                .end();
    }
}
