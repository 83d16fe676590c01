package dev.quotary.api.declare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.http.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StockTest {
    private static final int MANY = 2 * Stock.EXAMINED_MAX + 5;

    private final Stock stock = new Stock();

    private static Item.Name subject(String organization, String key) {
        return new Item.Name(Kind.SUBJECT, organization, key);
    }

    private void put(Item.Name name) {
        stock.put(new Item(name, Documents.json("{\"key\":\"" + name.key() + "\"}"), Optional.of(Owner.API)));
    }

    private static List<String> keys(Page page) {
        return page.items().stream().map(item -> item.name().key()).toList();
    }

    private static Page.Order order(Item.Name after, String prefix, int limit, Predicate<Item.Name> wanted) {
        return new Page.Order(after, prefix, limit, wanted);
    }

    @Test
    void page_has_things_of_one_kind_and_organization_only() {
        // Given
        put(subject("acme", "a"));
        put(subject("acme2", "b"));
        put(subject("acm", "c"));
        put(new Item.Name(Kind.PLAN, "", "p"));
        put(new Item.Name(Kind.PRICE, "", "q"));
        // When
        var page = stock.page(order(subject("acme", ""), "", 10, _ -> true));
        // Then
        assertThat(keys(page)).containsExactly("a");
        assertThat(page.next()).isEmpty();
    }

    @Test
    void prefix_begins_with_the_very_key_and_ends_with_the_last_of_it() {
        // Given
        for (var key : List.of("a", "b", "b-1", "b-2", "c")) {
            put(subject("acme", key));
        }
        // When
        var first = stock.page(order(subject("acme", ""), "b", 2, _ -> true));
        var second = stock.page(order(first.next().orElseThrow(), "b", 2, _ -> true));
        // Then
        assertThat(keys(first)).containsExactly("b", "b-1");
        assertThat(keys(second)).containsExactly("b-2");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void page_that_ends_with_the_last_thing_has_no_next_one() {
        // Given
        put(subject("acme", "a"));
        put(subject("acme", "b"));
        put(subject("globex", "c"));
        // When
        var page = stock.page(order(subject("acme", ""), "", 2, _ -> true));
        // Then
        assertThat(keys(page)).containsExactly("a", "b");
        assertThat(page.next()).isEmpty();
    }

    @Test
    void page_looks_at_a_bounded_number_of_things_and_the_next_one_goes_on_there() {
        // Given
        for (int i = 0; i < MANY; i++) {
            put(subject("acme", String.format(Locale.ROOT, "user-%06d", i)));
        }
        var examined = new ArrayList<String>();
        var last = String.format(Locale.ROOT, "user-%06d", MANY - 1);
        Predicate<Item.Name> wanted = name -> {
            examined.add(name.key());
            return name.key().equals(last);
        };
        // When
        var first = stock.page(order(subject("acme", ""), "", 10, wanted));
        var second = stock.page(order(first.next().orElseThrow(), "", 10, wanted));
        var third = stock.page(order(second.next().orElseThrow(), "", 10, wanted));
        // Then
        assertThat(first.items()).isEmpty();
        assertThat(second.items()).isEmpty();
        assertThat(keys(third)).containsExactly(last);
        assertThat(third.next()).isEmpty();
        assertThat(examined).hasSize(MANY).doesNotHaveDuplicates();
    }
}
