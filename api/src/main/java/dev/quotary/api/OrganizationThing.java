package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.InUseException;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.api.declare.Page;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Organizations as resources. Who sees one organization only reads that one; its plan, limits and prices are for the admins of the whole
 * server to set, not for its own.
 *
 * @param keyed whether an organization has valid API keys
 */
record OrganizationThing(Catalog catalog, Predicate<OrganizationKey> keyed) implements Thing {
    @Override
    public Kind kind() {
        return Kind.ORGANIZATION;
    }

    @Override
    public String plural() {
        return "organizations";
    }

    @Override
    public String organization(Exchange exchange, String key, boolean changes) {
        if (changes) {
            ServerThing.ofServer(exchange, plural());
        }
        var own = exchange.principal().key().organization();
        if (own != null && !key.isEmpty() && !key.equals(own.value())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "This key belongs to another organization.");
        }
        return "";
    }

    /** Who sees one organization only gets no cursor: it would name another one. */
    @Override
    public Page page(Exchange exchange, Declaring declaring, Page.Order order) {
        var own = exchange.principal().key().organization();
        if (own == null) {
            return declaring.page(order);
        }
        var name = new Item.Name(Kind.ORGANIZATION, "", own.value());
        boolean wanted = name.key().startsWith(order.prefix()) && order.wanted().test(name);
        return new Page(wanted ? declaring.find(name).stream().toList() : List.of(), Optional.empty());
    }

    @Override
    public Predicate<Item.Name> wanted(Exchange exchange) {
        var text = TextFilter.of(exchange);
        var plan = exchange.query("plan");
        var declared = catalog.declarations().organizations();
        return name -> {
            var organization = declared.get(new OrganizationKey(name.key()));
            return organization != null
                    && text.in(name.key(), organization.name())
                    && (plan.isEmpty()
                            || (organization.plan() != null
                                    && organization.plan().value().equals(plan.get())));
        };
    }

    /** A key of an organization that is gone would open the next one of its name. */
    @Override
    public void checkUnused(Item.Name name) {
        if (keyed.test(new OrganizationKey(name.key()))) {
            throw new InUseException("Organization '" + name.key() + "' still has API keys that are valid.");
        }
    }

    @Override
    public void write(JsonGenerator json, Item item) throws IOException {
        json.writeStartObject();
        Thing.members(json, item);
        json.writeEndObject();
    }
}
