package dev.quotary.catalog;

import dev.quotary.call.KeyId;
import java.time.Instant;
import java.util.Map;

/**
 * Port: keeps when API keys were used last, to some minutes. Safe for concurrent use; every method blocks. Throws {@link
 * dev.quotary.limit.StoreUnavailableException} if the store does not answer.
 */
public interface KeyUses {
    /** Notes uses; what is known to be later stays. All or none. */
    void save(Map<KeyId, Instant> uses);

    /** The last use of every key that was used at an instant or later, as far as it was saved. */
    Map<KeyId, Instant> since(Instant from);
}
