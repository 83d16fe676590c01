package dev.quotary.api.key;

import dev.quotary.catalog.KeyUses;
import dev.quotary.http.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Stores now and then which keys were used, and learns what other servers have stored: a call itself never waits for that. A process that
 * dies forgets the uses since the last step, and nothing else. For one thread.
 */
public final class KeyUseKeeper {
    private static final int BATCH_MAX = 1_000;
    /** What others store while this one reads is looked at again in the next step; clocks of servers may differ by this much. */
    private static final Duration LOOK_BACK = Duration.ofMinutes(10);

    private final KeyRing ring;
    private final KeyUses uses;
    private final InstantSource clock;
    private Instant readFrom = Instant.EPOCH;

    public KeyUseKeeper(KeyRing ring, KeyUses uses, InstantSource clock) {
        this.ring = ring;
        this.uses = uses;
        this.clock = clock;
    }

    /** Blocks. What could not be stored is stored by a later step. */
    public void step() {
        var now = clock.instant();
        ring.noteUses(uses.since(readFrom));
        readFrom = now.minus(LOOK_BACK);
        var batch = ring.unstoredUses(BATCH_MAX);
        while (!batch.isEmpty()) {
            uses.save(batch);
            ring.noteUses(batch);
            batch = batch.size() < BATCH_MAX ? Map.of() : ring.unstoredUses(BATCH_MAX);
        }
    }
}
