package dev.quotary.api.declare;

import dev.quotary.catalog.CatalogStore;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.http.Documents;
import dev.quotary.http.Value;
import java.util.Comparator;
import java.util.Optional;

/**
 * One declared thing as written.
 *
 * @param value all of it; of an organization without its subjects, which are items of their own
 * @param owner who made it; empty for what was stored before anybody kept that
 */
public record Item(Name name, Value value, Optional<Owner> owner) {
    /** The member of a stored thing that names its owner; files cannot say it. */
    public static final String MANAGED_BY = "managed_by";

    /**
     * What tells declared things apart.
     *
     * @param organization whose it is; empty for things of the whole server
     */
    public record Name(Kind kind, String organization, String key) implements Comparable<Name> {
        private static final Comparator<Name> ORDER = Comparator.comparing(Name::kind)
                .thenComparing(Name::organization)
                .thenComparing(Name::key);

        static Name of(CatalogStore.Name stored) {
            return new Name(Kind.of(stored.kind()), stored.organization(), stored.key());
        }

        CatalogStore.Name stored() {
            return new CatalogStore.Name(kind.key(), organization, key);
        }

        @Override
        public int compareTo(Name other) {
            return ORDER.compare(this, other);
        }
    }

    /** Something that a plans file declares. */
    static Item declared(Name name, Value value) {
        return new Item(name, value, Optional.of(Owner.APPLY));
    }

    static Item of(Document document) {
        var body = Documents.json(document.body());
        var owner = body.fields().find(MANAGED_BY).map(word -> word.oneOf(Owner.values(), Owner::key));
        return new Item(Name.of(document.name()), owner.isPresent() ? body.without(MANAGED_BY) : body, owner);
    }

    Document document() {
        var body = owner.map(who -> value.with(MANAGED_BY, Documents.text(who.key())))
                .orElse(value);
        return new Document(name.kind().key(), name.organization(), name.key(), body.json());
    }

    /** Equal for items that declare the same, however they are written and whoever made them. */
    public String content() {
        return value.canonical().json();
    }

    /** Whose it is, as JSON. */
    String ownership() {
        return owner.map(who -> Documents.json("{}").with(MANAGED_BY, Documents.text(who.key())))
                .orElseGet(() -> Documents.json("{}"))
                .json();
    }

    Item ownedBy(Optional<Owner> other) {
        return new Item(name, value, other);
    }
}
