package dev.quotary.api.declare;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A part of what is declared, in the order of its keys.
 *
 * @param next where the next page goes on: after this name; empty if there is no more
 */
public record Page(List<Item> items, Optional<Item.Name> next) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * Which part is wanted.
     *
     * @param after of the kind and organization that are wanted; an empty key begins at the first
     * @param prefix how their keys begin
     * @param limit items at most; there may be fewer, also none, and still a next page
     * @param wanted which items are
     */
    public record Order(Item.Name after, String prefix, int limit, Predicate<Item.Name> wanted) {}
}
