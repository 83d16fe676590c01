package dev.quotary.sql;

import dev.quotary.journal.JournalFile;
import dev.quotary.ledger.Follower;
import dev.quotary.limit.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One database file, opened for this process: the thread that writes to it and the connections that read from it. What is kept in it is
 * reached through {@link SqlLedger} and {@link SqlCatalogStore}. Safe for many threads.
 */
public final class SqliteDatabase implements SqlDatabase {
    private final SqlAccess access;
    private final Path path;
    private final SqliteFile file;
    private @Nullable Intake intake;

    private SqliteDatabase(Path path, SqliteFile file, Session first, StoreObserver observer) {
        this.path = path;
        this.file = file;
        var writer = new GroupWriter(() -> tables(file.writer()), tables(first), observer);
        this.access = new SqlAccess(writer, new Readers(file::reader));
    }

    /**
     * Opens the database, makes it if there is none, and brings its schema up to date.
     *
     * @param path of the file, in a directory that exists; SQLite keeps its log beside it
     * @throws StoreUnavailableException naming the file and the reason, if it cannot be used
     */
    public static SqliteDatabase open(Path path) {
        return open(path, StoreObserver.NONE);
    }

    /** As {@link #open(Path)}, and tells somebody what it does. */
    public static SqliteDatabase open(Path path, StoreObserver observer) {
        return open(path, List.of(), observer);
    }

    /** @param pragmas run on each connection of the writer, after its own */
    static SqliteDatabase open(Path path, List<String> pragmas) {
        return open(path, pragmas, StoreObserver.NONE);
    }

    private static SqliteDatabase open(Path path, List<String> pragmas, StoreObserver observer) {
        var file = new SqliteFile(path, pragmas);
        try {
            file.create();
            return new SqliteDatabase(path, file, migrated(file.writer()), observer);
        } catch (SQLException e) {
            throw new StoreUnavailableException("opening the database " + path + ": " + SqlErrors.reason(e), e);
        } catch (IOException e) {
            throw new StoreUnavailableException("opening the database " + path + ": its file cannot be made", e);
        }
    }

    private static Session migrated(Session session) throws SQLException {
        try {
            Migrations.run(session.connection());
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Tables tables(Session session) {
        return new Tables(session, LedgerParticipant.NONE);
    }

    SqlAccess access() {
        return access;
    }

    GroupWriter writer() {
        return access.writer();
    }

    /**
     * Where a ledger's entries come in, with what an earlier run left folded already.
     *
     * @param clock of those who make ids; null to take none of them for new without asking
     * @throws StoreUnavailableException if that cannot be done
     */
    synchronized Intake intake(Follower follower, JournalFile.Opener files, @Nullable InstantSource clock) {
        if (intake != null) {
            intake.close();
        }
        new IntakeRecovery(writer(), files).run(path);
        var lookups = new IntakeLookups(file::reader);
        var recent =
                clock == null ? RecentIds.none() : lookups.run(session -> RecentIds.from(clock.instant(), session));
        var opened = new Intake(writer(), lookups, new IntakeLog(path, files), follower, recent);
        intake = opened;
        return opened;
    }

    @Override
    public synchronized void close() {
        if (intake != null) {
            intake.close();
        }
        access.close();
    }
}
