package dev.quotary.server.runtime;

import dev.quotary.api.declare.Declaring;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.price.BuiltInPrices;
import dev.quotary.server.config.Config;
import dev.quotary.sql.PostgresAudit;
import dev.quotary.sql.SqliteAudit;
import dev.quotary.usage.CatalogCoverage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The ledger of a store for commands that work on it without a server, beside one or in its place. */
public final class LedgerFile {
    private final Config.Store store;
    private final Audit audit;
    private final CatalogStore catalog;
    private final InstantSource clock;
    private final Supplier<List<Path>> leftBehind;

    /** @throws StoreUnavailableException if there is none */
    public LedgerFile(Config.Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        switch (store) {
            case Config.Sqlite sqlite -> {
                if (!Files.isRegularFile(sqlite.database())) {
                    throw new StoreUnavailableException("there is no database " + sqlite.database(), null);
                }
                var file = new SqliteAudit(sqlite.database());
                this.audit = file;
                this.catalog = file.catalogStore();
                this.leftBehind = file::leftBehind;
            }
            case Config.Postgres postgres -> {
                var database = new PostgresAudit(postgres.url());
                this.audit = database;
                this.catalog = database.catalogStore();
                this.leftBehind = List::of;
            }
        }
    }

    /** Whether a server on this machine uses it now. */
    public boolean used() {
        return DataDirectory.used(store.directory());
    }

    /** Files of entries that a server which is gone left for its next start, and that no comparison sees; none beside a server. */
    public List<Path> leftBehind() {
        return used() ? List.of() : leftBehind.get();
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
        try (var directory = DataDirectory.open(store.directory())) {
            return switch (store) {
                case Config.Sqlite _ -> audit.rebuild(coverage(), clock.instant(), each);
                case Config.Postgres postgres -> {
                    // A server that decides in its own memory would not learn of what is mended.
                    try (var _ = NodeName.lease(postgres.url(), directory)) {
                        yield audit.rebuild(coverage(), clock.instant(), each);
                    }
                }
            };
        }
    }

    private CatalogCoverage coverage() {
        return new CatalogCoverage(Declaring.read(catalog, BuiltInPrices.load()));
    }
}
