package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.Declaring;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.api.declare.Page;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All overrides of an organization in one list: its own, and those of its subjects. */
record OverridesEndpoint(Declaring declaring, Catalog catalog, CallReader calls) {
    private static final String LIST = "overrides";

    /** A page has all overrides of so many subjects; those of the organization stand on the first one. */
    Reply list(Exchange exchange) {
        var organization = calls.organization(exchange);
        var after = Cursors.place(exchange, LIST).orElse("");
        var page = declaring.page(new Page.Order(
                new Item.Name(Kind.SUBJECT, organization.value(), after),
                "",
                Cursors.limit(exchange),
                name -> overridden(organization, name)));
        var items = new ArrayList<Item>();
        if (after.isEmpty()) {
            declaring
                    .find(new Item.Name(Kind.ORGANIZATION, "", organization.value()))
                    .ifPresent(items::add);
        }
        items.addAll(page.items());
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("overrides");
            for (var item : items) {
                write(json, item);
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    page.next().map(name -> Cursors.cursor(LIST, name.key())).orElse(null));
            json.writeEndObject();
        });
    }

    private boolean overridden(OrganizationKey organization, Item.Name name) {
        return catalog.subject(organization, new SubjectKey(name.key()))
                .map(Subject::overrides)
                .filter(overrides -> !overrides.isEmpty())
                .isPresent();
    }

    /** As declared, with whose it is. */
    private static void write(JsonGenerator json, Item item) throws IOException {
        var declared = item.value().fields().find(LIST);
        @Nullable String subject = item.name().kind() == Kind.SUBJECT ? item.name().key() : null;
        for (var override : declared.map(list -> list.items()).orElse(List.of())) {
            json.writeStartObject();
            EventJson.text(json, "subject", subject);
            for (var member : override.entries().entrySet()) {
                json.writeFieldName(member.getKey());
                json.writeRawValue(member.getValue().json());
            }
            json.writeEndObject();
        }
    }
}
