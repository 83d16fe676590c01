package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.declare.Item;
import dev.quotary.api.declare.Kind;
import dev.quotary.api.declare.Owner;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Subject;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Subjects as resources: of one organization, which a request names as every other one does. */
record SubjectThing(Catalog catalog, CallReader calls) implements Thing {
    /** Shown, and not to be said: it follows from other things. */
    private static final Set<String> DERIVED = Set.of("organization", "declared", "effective_plan");

    @Override
    public Kind kind() {
        return Kind.SUBJECT;
    }

    @Override
    public String plural() {
        return "subjects";
    }

    @Override
    public String organization(Exchange exchange, String key, boolean changes) {
        return calls.organization(exchange, named(exchange)).value();
    }

    /** The organization may also stand in the body. */
    private static @Nullable Value named(Exchange exchange) {
        if (exchange.body().length == 0) {
            return null;
        }
        var body = exchange.json();
        return body.isObject() ? body.fields().find("organization").orElse(null) : null;
    }

    @Override
    public Predicate<Item.Name> wanted(Exchange exchange) {
        var text = TextFilter.of(exchange);
        var plan = exchange.query("plan");
        var blocked = exchange.query("blocked").map(_ -> exchange.flag("blocked"));
        return name -> {
            var subject = catalog.subject(new OrganizationKey(name.organization()), new SubjectKey(name.key()));
            return subject.isPresent()
                    && text.in(name.key(), subject.get().name())
                    && (blocked.isEmpty() || subject.get().blocked() == blocked.get())
                    && (plan.isEmpty() || plan.equals(effectivePlan(subject.get())));
        };
    }

    private Optional<String> effectivePlan(Subject subject) {
        var own = subject.plan();
        return own == null ? planOf(subject.organization().value()) : Optional.of(own.value());
    }

    @Override
    public boolean mayBeMade(Item.Name name) {
        var organization = catalog.declarations().organizations().get(new OrganizationKey(name.organization()));
        return organization != null && organization.unknownSubjects();
    }

    @Override
    public Value declared(Value body) {
        if (!body.isObject()) {
            throw body.wrong("expected an object");
        }
        var declared = body;
        for (var member : DERIVED) {
            declared = declared.without(member);
        }
        return declared;
    }

    @Override
    public void write(JsonGenerator json, Item item) throws IOException {
        var fields = item.value().fields();
        var own = fields.string("plan");
        json.writeStartObject();
        json.writeStringField("organization", item.name().organization());
        json.writeStringField("key", item.name().key());
        EventJson.text(json, "name", fields.string("name").orElse(null));
        EventJson.text(json, "plan", own.orElse(null));
        EventJson.text(
                json,
                "effective_plan",
                own.or(() -> planOf(item.name().organization())).orElse(null));
        json.writeBooleanField(
                "blocked", fields.find("blocked").map(Value::bool).orElse(false));
        json.writeBooleanField("declared", true);
        json.writeArrayFieldStart("overrides");
        for (var override : fields.items("overrides")) {
            json.writeRawValue(override.json());
        }
        json.writeEndArray();
        EventJson.text(json, Item.MANAGED_BY, item.owner().map(Owner::key).orElse(null));
        json.writeEndObject();
    }

    /** Writes a subject that nobody declared: one may use what the organization lets anybody use. */
    void write(JsonGenerator json, OrganizationKey organization, SubjectKey key) throws IOException {
        json.writeStartObject();
        json.writeStringField("organization", organization.value());
        json.writeStringField("key", key.value());
        json.writeNullField("name");
        json.writeNullField("plan");
        EventJson.text(json, "effective_plan", planOf(organization.value()).orElse(null));
        json.writeBooleanField("blocked", false);
        json.writeBooleanField("declared", false);
        json.writeArrayFieldStart("overrides");
        json.writeEndArray();
        json.writeNullField(Item.MANAGED_BY);
        json.writeEndObject();
    }

    private Optional<String> planOf(String organization) {
        var declared = catalog.declarations().organizations().get(new OrganizationKey(organization));
        return declared == null || declared.plan() == null
                ? Optional.empty()
                : Optional.of(declared.plan().value());
    }

    static SubjectKey key(String text) {
        try {
            return new SubjectKey(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }
}
