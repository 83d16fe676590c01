package dev.quotary.api.declare;

import dev.quotary.catalog.CatalogStore.Document;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/**
 * Everything declared, as it is stored, in the order of its names. Readers never wait; one writer at a time. Kept as text, since of a
 * hundred thousand subjects only those of a page are ever looked at.
 */
final class Stock {
    /** So many things are looked at for one page, however few of them are wanted: a page costs no more in a large organization. */
    static final int EXAMINED_MAX = 10_000;

    private final ConcurrentNavigableMap<Item.Name, Document> documents = new ConcurrentSkipListMap<>();

    void put(Item item) {
        documents.put(item.name(), item.document());
    }

    void remove(Item.Name name) {
        documents.remove(name);
    }

    Optional<Item> find(Item.Name name) {
        return document(name).map(Item::of);
    }

    Optional<Document> document(Item.Name name) {
        return Optional.ofNullable(documents.get(name));
    }

    private ConcurrentNavigableMap<Item.Name, Document> from(Page.Order order) {
        var after = order.after();
        return after.key().compareTo(order.prefix()) < 0
                ? documents.tailMap(new Item.Name(after.kind(), after.organization(), order.prefix()), true)
                : documents.tailMap(after, after.key().isEmpty());
    }

    Page page(Page.Order order) {
        var found = new ArrayList<Item>();
        int examined = 0;
        Item.Name last = order.after();
        for (var entry : from(order).entrySet()) {
            var name = entry.getKey();
            if (name.kind() != order.after().kind()
                    || !name.organization().equals(order.after().organization())
                    || !name.key().startsWith(order.prefix())) {
                return new Page(found, Optional.empty());
            }
            if (found.size() == order.limit() || examined == EXAMINED_MAX) {
                return new Page(found, Optional.of(last));
            }
            examined++;
            last = name;
            if (order.wanted().test(name)) {
                found.add(Item.of(entry.getValue()));
            }
        }
        return new Page(found, Optional.empty());
    }

    /** Everything of some kinds that passes a test of its text, except what is named. */
    List<Item> all(Predicate<Document> wanted, List<Item> except) {
        var excepted = new HashSet<Item.Name>();
        except.forEach(item -> excepted.add(item.name()));
        return documents.entrySet().stream()
                .filter(entry -> !excepted.contains(entry.getKey()) && wanted.test(entry.getValue()))
                .map(entry -> Item.of(entry.getValue()))
                .toList();
    }
}
