package dev.quotary.api.provider;

import dev.quotary.api.key.Sealing;
import dev.quotary.api.key.Secret;
import dev.quotary.http.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The master keys of a server.
 *
 * @param sealing seals, and opens
 * @param other opens only: the one before or after, while the operator changes them
 */
public record MasterKeys(Optional<MasterKey> sealing, Optional<MasterKey> other) implements Sealing {
    public static final MasterKeys NONE = new MasterKeys(Optional.empty(), Optional.empty());

    @Override
    public Optional<Sealed> seal(Secret secret, String of, RandomGenerator random) {
        return sealing.map(master -> new Sealed(master.id(), master.seal(secret, of, random)));
    }

    @Override
    public boolean upToDate(Sealed sealed) {
        return sealing.isEmpty() || sealing.get().id().equals(sealed.master());
    }

    @Override
    public Secret open(Sealed sealed, String of) {
        return of(sealed.master())
                .orElseThrow(() -> new InvalidInputException(
                        "",
                        0,
                        "the " + of + " is sealed under the master key " + sealed.master() + " (" + ids()
                                + "). Set secrets.master_key (QUOTARY_MASTER_KEY) to that one; nothing was changed"))
                .open(sealed.text(), of);
    }

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
