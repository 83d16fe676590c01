package dev.quotary.provider.openai.responses;

import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens earlier responses hold, which requests may continue by naming their id. A response never changes, so what was once
 * known of it stays true. Those that were not asked for longest are forgotten. Safe for many threads.
 */
final class KnownContexts {
    /**
     * The largest context of any model of this API, by general knowledge: what a server-side context of unknown size can count at most.
     */
    static final long TOKENS_MAX = 1_050_000;

    static final int IDS_MAX = 20_000;
    private static final int ID_LENGTH_MAX = 128;

    private final SequencedMap<String, Long> tokens = LinkedHashMap.newLinkedHashMap(1024);

    synchronized void remember(String id, long count) {
        if (id.length() <= ID_LENGTH_MAX) {
            tokens.putLast(id, Math.min(count, TOKENS_MAX));
            if (tokens.size() > IDS_MAX) {
                tokens.pollFirstEntry();
            }
        }
    }

    synchronized OptionalLong find(String id) {
        @Nullable Long known = tokens.get(id);
        if (known == null) {
            return OptionalLong.empty();
        }
        tokens.putLast(id, known);
        return OptionalLong.of(known);
    }
}
