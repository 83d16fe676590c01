package dev.quotary.api.declare;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what deleted things have left in the ledger. A meter that is declared again must mean what it meant, or what was recorded of
 * it would change its meaning; an organization that is declared again has used what it used. Kept beside the declarations for ever; few
 * meters and organizations are ever deleted.
 */
final class Retired {
    private static final String KIND = "retired";

    private final Map<String, Document> documents = new ConcurrentHashMap<>();

    /** Takes in what is stored; what is nothing of this is passed over. */
    void take(List<Document> stored) {
        stored.stream()
                .filter(document -> document.kind().equals(KIND))
                .forEach(document -> documents.put(document.key(), document));
    }

    /** What is to be stored when things are deleted. */
    List<Document> documents(List<Item> removed) {
        var retired = new ArrayList<Document>();
        for (var item : removed) {
            if (item.name().kind() == Kind.METER || item.name().kind() == Kind.ORGANIZATION) {
                retired.add(
                        new Document(KIND, "", key(item.name()), item.value().json()));
            }
        }
        return retired;
    }

    /** @throws dev.quotary.http.InvalidInputException if a meter is declared again with another meaning */
    void check(List<Item> items) {
        for (var item : items) {
            var older = documents.get(key(item.name()));
            if (item.name().kind() == Kind.METER && older != null) {
                MeterReader.keepMeaning(
                        item.value(), MeterReader.read(item.value()), MeterReader.read(Documents.json(older.body())));
            }
        }
    }

    boolean has(OrganizationKey organization) {
        return documents.containsKey(key(new Item.Name(Kind.ORGANIZATION, "", organization.value())));
    }

    private static String key(Item.Name name) {
        return name.kind().key() + "/" + name.key();
    }
}
