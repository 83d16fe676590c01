package dev.quotary.api.query;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The query parameters of a request. */
public interface Queried {
    /** All values of a parameter, in their order. */
    List<String> all(String name);

    Set<String> names();

    /** The value of a parameter; the first of several. */
    default Optional<String> one(String name) {
        return all(name).stream().findFirst();
    }
}
