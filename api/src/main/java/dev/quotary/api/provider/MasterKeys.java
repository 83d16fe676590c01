package dev.quotary.api.provider;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The master keys of a server.
 *
 * @param sealing seals, and opens
 * @param other opens only: the one before or after, while the operator changes them
 */
public record MasterKeys(Optional<MasterKey> sealing, Optional<MasterKey> other) {
    public static final MasterKeys NONE = new MasterKeys(Optional.empty(), Optional.empty());

    public Optional<MasterKey> of(String id) {
        return all().stream().filter(key -> key.id().equals(id)).findFirst();
    }

    private List<MasterKey> all() {
        return Stream.of(sealing, other).flatMap(Optional::stream).toList();
    }

    /** For people who look for the right one. */
    public String ids() {
        var ids = all().stream().map(MasterKey::id).toList();
        return ids.isEmpty() ? "none is set" : "set: " + String.join(", ", ids);
    }
}
