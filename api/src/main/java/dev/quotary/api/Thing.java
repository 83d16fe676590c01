package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.api.declare.Owner;
import dev.quotary.api.declare.Page;
import dev.quotary.http.Value;
import java.io.IOException;
import java.util.function.Predicate;

/** What one kind of declared things is as a resource of the API. */
interface Thing {
    Kind kind();

    /** The name of lists of it. */
    String plural();

    /**
     * Whose things a request is about.
     *
     * @param key of the thing; empty for all of them
     * @param changes whether it wants to change something
     * @return the organization; empty text for things of the whole server
     * @throws dev.quotary.http.ProblemException if the caller may not
     */
    String organization(Exchange exchange, String key, boolean changes);

    /** A part of the list, for whoever asks. */
    default Page page(Exchange exchange, Declaring declaring, Page.Order order) {
        return declaring.page(order);
    }

    /** Which things of a list are wanted. */
    Predicate<Item.Name> wanted(Exchange exchange);

    /** The thing as plans files write it, out of what {@link #write} shows, whose other members may be sent back. */
    default Value declared(Value body) {
        return body;
    }

    /** Whether a thing of this name that nobody declared is there all the same, and may be declared by saying something of it. */
    default boolean mayBeMade(Item.Name name) {
        return false;
    }

    /** @throws dev.quotary.api.declare.InUseException if something needs it that the declarations themselves do not know */
    default void checkUnused(Item.Name name) {}

    void write(JsonGenerator json, Item item) throws IOException;

    /** Writes what is declared, member by member, and who made it. */
    static void members(JsonGenerator json, Item item) throws IOException {
        for (var member : item.value().entries().entrySet()) {
            json.writeFieldName(member.getKey());
            json.writeRawValue(member.getValue().json());
        }
        EventJson.text(json, Item.MANAGED_BY, item.owner().map(Owner::key).orElse(null));
    }
}
