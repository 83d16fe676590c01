package dev.quotary.memory;

import dev.quotary.call.ReservationId;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limiter;
import dev.quotary.testkit.Holds;
import dev.quotary.testkit.LimiterProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** Dies and starts again at any step: the holds are those of the model, as if nothing had happened. */
class JournaledLimiterProperties implements LimiterProperties {
    /** So small that most runs compact. */
    private static final long COMPACT_AT_BYTES = 6_000;

    @TempDir
    private Path directory;

    private int opened;
    private @Nullable HoldJournal latest;

    @Override
    public Limiter limiter() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new JournaledLimiter(new MemoryLimiter(), open());
    }

    @Override
    public boolean survivesRestarts() {
        return true;
    }

    /** The old journal is not closed: a process that dies does not do that either. What it only noted is in the ledger. */
    @Override
    public Limiter restarted(
            Limiter before, Map<ReservationId, List<Charge>> charges, Map<CounterKey, Long> used, Instant now) {
        // Every other run of the journal is compacted before the process dies.
        if (latest != null && opened++ % 2 == 0) {
            latest.sync();
        }
        var journal = open();
        var limiter = new JournaledLimiter(new MemoryLimiter(), journal);
        used.forEach(limiter::correct);
        for (var hold : journal.openHolds()) {
            if (before.find(Holds.ORGANIZATION, hold.id(), now).isEmpty()) {
                limiter.settle(Holds.ORGANIZATION, hold.id(), List.of(), now);
            } else {
                limiter.restore(Holds.with(hold, hold.expiresAt(), charges.getOrDefault(hold.id(), List.of())), now);
            }
        }
        return limiter;
    }

    private HoldJournal open() {
        var journal = HoldJournal.open(file(), COMPACT_AT_BYTES);
        latest = journal;
        return journal;
    }

    private Path file() {
        return directory.resolve("holds");
    }
}
