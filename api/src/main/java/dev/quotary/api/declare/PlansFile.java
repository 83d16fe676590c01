package dev.quotary.api.declare;

import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Takes a plans file apart into the things that it declares. What each of them says is for its own reader. */
final class PlansFile {
    private final List<Item> items = new ArrayList<>();
    private final HashSet<Item.Name> names = new HashSet<>();

    private PlansFile() {}

    /** Everything declared, in the order of the file. */
    static List<Item> items(Value root) {
        var file = new PlansFile();
        var fields = root.fields();
        file.keyed(fields, "meters", Kind.METER);
        file.keyed(fields, "plans", Kind.PLAN);
        file.organizations(fields);
        for (var price : fields.items("prices")) {
            file.add(Item.declared(new Item.Name(Kind.PRICE, "", PriceReader.key(price)), price), price);
        }
        for (var adjustment : fields.items("price_adjustments")) {
            var name = new Item.Name(Kind.PRICE_ADJUSTMENT, "", AdjustmentReader.key(adjustment));
            file.add(Item.declared(name, adjustment), adjustment);
        }
        fields.find("unknown_models")
                .ifPresent(price ->
                        file.add(Item.declared(new Item.Name(Kind.UNKNOWN_MODELS, "", "price"), price), price));
        fields.done();
        return file.items;
    }

    private void keyed(Fields fields, String list, Kind kind) {
        for (var value : fields.items(list)) {
            var key = value.fields().need("key");
            add(Item.declared(new Item.Name(kind, "", key.string()), value), key);
        }
    }

    private void organizations(Fields fields) {
        for (var value : fields.items("organizations")) {
            var own = value.fields();
            var key = own.need("key");
            add(Item.declared(new Item.Name(Kind.ORGANIZATION, "", key.string()), value.without("subjects")), key);
            for (var subject : own.items("subjects")) {
                var subjectKey = subject.fields().need("key");
                add(Item.declared(new Item.Name(Kind.SUBJECT, key.string(), subjectKey.string()), subject), subjectKey);
            }
        }
    }

    private void add(Item item, Value place) {
        if (!names.add(item.name())) {
            throw place.wrong("expected each " + item.name().kind().key() + " once, but '"
                    + item.name().key() + "' stands here again");
        }
        items.add(item);
    }
}
