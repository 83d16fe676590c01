package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.api.prices.ImportedPrice;
import dev.quotary.api.prices.PriceFile;
import dev.quotary.api.prices.PriceImport;
import dev.quotary.api.query.Moments;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.price.ModelNames;
import dev.quotary.price.PriceBook;
import dev.quotary.price.PriceRow;
import dev.quotary.price.TierPrices;
import dev.quotary.price.UnitPrices;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The price book as it is in force, and the import of public price files into it. */
final class PriceEndpoints {
    private final PriceImport importing;
    private final Catalog catalog;
    private final InstantSource clock;

    PriceEndpoints(PriceImport importing, Catalog catalog, InstantSource clock) {
        this.importing = importing;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** The rows as they were declared; of one provider if one is named. */
    Reply list(Exchange exchange) {
        var provider = exchange.query("provider");
        var rows = book(exchange).rows().stream()
                .filter(row ->
                        provider.isEmpty() || provider.get().equals(row.model().provider()))
                .toList();
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("prices");
            for (var row : rows) {
                write(json, row);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** The row that a call of a model is priced by, complete with fees, factors and adjustments. */
    Reply show(Exchange exchange) {
        var names = ModelNames.requested(need(exchange, "provider"), need(exchange, "model"));
        var at = parameter(exchange, "at", Moments::of).orElseGet(clock::instant);
        var row = book(exchange)
                .find(names, at)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND,
                        "Model '" + names.requested() + "' of provider '" + names.provider() + "' has no price then."));
        return Reply.json(Reply.OK, json -> write(json, row));
    }

    /** Of an organization if one is named or the key belongs to one; else what calls cost the operator. */
    private PriceBook book(Exchange exchange) {
        var own = exchange.principal().key().organization();
        var named = exchange.query("organization").map(OrganizationKey::new);
        if (own != null && named.isPresent() && !named.get().equals(own)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "The key belongs to another organization.");
        }
        var organization = named.or(() -> Optional.ofNullable(own));
        return organization.isPresent()
                ? catalog.declarations().prices(organization.get())
                : catalog.declarations().prices();
    }

    Reply importFile(Exchange exchange) {
        if (exchange.principal().key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "The price book is of the whole server: import with a key that has no organization.");
        }
        var form = parameter(exchange, "format", PriceEndpoints::form)
                .orElseThrow(() -> InvalidInputException.inQuery("format", "expected a format, was nothing"));
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var from = parameter(exchange, "from", LocalDate::parse).orElse(today);
        var order = new PriceImport.Order(
                form,
                from,
                accepted(exchange),
                exchange.query("source").orElse(form.key() + " " + today),
                exchange.actor(),
                exchange.flag("dry_run"));
        var imported = importing.run(exchange.json(), order);
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeBooleanField("dry_run", order.dryRun());
            for (var effect : ImportedPrice.Effect.values()) {
                json.writeNumberField(
                        key(effect),
                        imported.stream()
                                .filter(price -> price.effect() == effect)
                                .count());
            }
            json.writeArrayFieldStart("prices");
            for (var price : imported) {
                write(json, price);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static Set<String> accepted(Exchange exchange) {
        return exchange.query("accept").stream()
                .flatMap(names -> Stream.of(names.split(",", -1)))
                .filter(name -> !name.isBlank())
                .collect(Collectors.toSet());
    }

    private static PriceFile form(String key) {
        return Stream.of(PriceFile.values())
                .filter(form -> form.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected litellm or genai-prices"));
    }

    private static <T> Optional<T> parameter(Exchange exchange, String name, Function<String, T> reader) {
        try {
            return exchange.query(name).map(reader);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw InvalidInputException.inQuery(name, String.valueOf(e.getMessage()));
        }
    }

    private static String need(Exchange exchange, String name) {
        return exchange.query(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> InvalidInputException.inQuery(name, "expected a value, was nothing"));
    }

    private static String key(ImportedPrice.Effect effect) {
        return effect.name().toLowerCase(Locale.ROOT);
    }

    private static void write(JsonGenerator json, ImportedPrice price) throws IOException {
        json.writeStartObject();
        json.writeStringField("provider", price.provider());
        json.writeStringField("model", price.model());
        EventJson.text(json, "from", price.from().isEmpty() ? null : price.from());
        json.writeStringField("effect", key(price.effect()));
        json.writeArrayFieldStart("changes");
        for (var change : price.changes()) {
            json.writeStartObject();
            json.writeStringField("what", change.what());
            EventJson.text(
                    json, "before", change.before().map(AmountJson::plain).orElse(null));
            EventJson.text(json, "after", change.after().map(AmountJson::plain).orElse(null));
            json.writeEndObject();
        }
        json.writeEndArray();
        texts(json, "doubts", price.doubts());
        texts(json, "remarks", price.remarks());
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String name, Iterable<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (var text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, PriceRow row) throws IOException {
        var table = row.prices();
        json.writeStartObject();
        json.writeStringField("row", row.id());
        json.writeStringField("provider", row.model().provider());
        json.writeStringField("model", row.model().model());
        EventJson.text(json, "from", row.period().from().map(Instant::toString).orElse(null));
        EventJson.text(
                json, "until", row.period().until().map(Instant::toString).orElse(null));
        json.writeObjectFieldStart("tiers");
        for (var tier : table.tiers().entrySet()) {
            json.writeFieldName(tier.getKey().key());
            write(json, tier.getValue());
        }
        json.writeEndObject();
        if (table.longContextOver().isPresent()) {
            json.writeNumberField("long_context_over", table.longContextOver().getAsLong());
        } else {
            json.writeNullField("long_context_over");
        }
        AmountJson.texts(
                json,
                "modifiers",
                table.modifiers().factors().entrySet().stream()
                        .collect(Collectors.toMap(
                                entry -> entry.getKey().key(), entry -> AmountJson.plain(entry.getValue()))));
        json.writeStringField("adjustment", table.adjustment().toPlainString());
        json.writeStringField("sources", row.provenance().sources());
        json.writeStringField("note", row.provenance().note());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, TierPrices prices) throws IOException {
        json.writeStartObject();
        AmountJson.texts(json, "normal", texts(prices.normal()));
        if (prices.longContext().isPresent()) {
            AmountJson.texts(json, "long_context", texts(prices.longContext().get()));
        }
        json.writeEndObject();
    }

    private static Map<String, String> texts(UnitPrices prices) {
        return prices.perMillion().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().key(), entry -> AmountJson.plain(entry.getValue())));
    }
}
