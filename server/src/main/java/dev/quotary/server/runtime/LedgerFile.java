package dev.quotary.server.runtime;

import dev.quotary.api.declare.Declaring;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.server.config.Config;
import dev.quotary.sql.SqliteAudit;
import dev.quotary.usage.CatalogCoverage;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The ledger of a data directory for commands that work on it without a server, beside one or in its place. */
public final class LedgerFile {
    private final Config.Store store;
    private final SqliteAudit audit;
    private final InstantSource clock;

    /** @throws StoreUnavailableException if there is none */
    public LedgerFile(Config.Store store, InstantSource clock) {
        if (!Files.isRegularFile(store.database())) {
            throw new StoreUnavailableException("there is no database " + store.database(), null);
        }
        this.store = store;
        this.audit = new SqliteAudit(store.database());
        this.clock = clock;
    }

    /** Whether a server uses it now. */
    public boolean used() {
        return DataDirectory.used(store.directory());
    }

    /** Compares everything derived from the events with them, beside a server or alone. */
    public Verification verify(Consumer<Difference> each) {
        return audit.verify(coverage(), clock.instant(), each);
    }

    /**
     * Derives everything anew, in the place of a server.
     *
     * @throws StoreUnavailableException if a server uses it
     */
    public Verification rebuild(Consumer<Difference> each) {
        try (var _ = DataDirectory.open(store.directory())) {
            return audit.rebuild(coverage(), clock.instant(), each);
        }
    }

    private CatalogCoverage coverage() {
        return new CatalogCoverage(Declaring.read(audit.catalogStore(), BuiltInPrices.load()));
    }
}
