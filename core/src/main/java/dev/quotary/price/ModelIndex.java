package dev.quotary.price;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what is declared for a model: under an exact name first, then under the pattern with the longest beginning. Immutable.
 *
 * @param <V> what is declared
 */
final class ModelIndex<V> {
    private final Map<String, Declared<V>> providers = new HashMap<>();

    /** What one provider's models have, names and patterns apart. */
    private record Declared<V>(Map<String, List<V>> exact, List<Beginning<V>> beginnings) {}

    private record Beginning<V>(String prefix, List<V> values) {}

    /** @param declared values by pattern; those of one pattern are found in their order */
    ModelIndex(Map<ModelPattern, List<V>> declared) {
        for (var entry : declared.entrySet()) {
            add(entry.getKey(), List.copyOf(entry.getValue()));
        }
        for (var provider : providers.values()) {
            provider.beginnings.sort((one, other) -> Integer.compare(other.prefix.length(), one.prefix.length()));
        }
    }

    private void add(ModelPattern pattern, List<V> values) {
        var provider =
                providers.computeIfAbsent(pattern.provider(), _ -> new Declared<>(new HashMap<>(), new ArrayList<>()));
        if (pattern.exact()) {
            provider.exact.put(pattern.model(), values);
        } else {
            provider.beginnings.add(new Beginning<>(pattern.prefix(), values));
        }
    }

    /**
     * Everything declared for a model, the closest first.
     *
     * @param names the model's own name, then those it may be listed under
     */
    List<V> find(String provider, List<String> names) {
        var declared = providers.get(provider);
        if (declared == null) {
            return List.of();
        }
        var found = new ArrayList<V>();
        for (var name : names) {
            found.addAll(declared.exact.getOrDefault(name, List.of()));
        }
        for (var beginning : declared.beginnings) {
            if (names.stream().anyMatch(name -> name.startsWith(beginning.prefix))) {
                found.addAll(beginning.values);
            }
        }
        return found;
    }
}
