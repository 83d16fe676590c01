package dev.quotary.sql;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** The database file and how it is connected to. Write-ahead log: readers see the last commit and wait for nobody. */
final class SqliteFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /**
     * FULL: a commit returns after its fsync. The checkpoint moves about 16 MB at a time from the log to the file. The cache is in KiB,
     * when negative.
     */
    private static final List<String> WRITER = List.of(
            "PRAGMA busy_timeout = 5000",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA wal_autocheckpoint = 4000",
            "PRAGMA journal_size_limit = 67108864",
            "PRAGMA temp_store = MEMORY",
            "PRAGMA cache_size = -65536");

    private static final List<String> READER = List.of(
            "PRAGMA busy_timeout = 5000",
            "PRAGMA query_only = ON",
            "PRAGMA temp_store = MEMORY",
            "PRAGMA cache_size = -16384");

    /** For work over the whole database: what does not fit into the cache goes to files, however much it is. */
    private static final List<String> AUDITOR =
            List.of("PRAGMA busy_timeout = 5000", "PRAGMA temp_store = FILE", "PRAGMA cache_size = -32768");

    private static final int READ_WRITE = 0x2;
    private static final int CREATE = 0x4;
    /** SQLite takes no lock of its own: a session is used by one thread at a time, and handed over safely. */
    private static final int NO_MUTEX = 0x8000;

    private final Path path;
    private final List<String> morePragmas;

    /** @param morePragmas run on each connection of the writer, after its own */
    SqliteFile(Path path, List<String> morePragmas) {
        this.path = path;
        this.morePragmas = morePragmas;
    }

    /** Makes an empty file if there is none; only the owner may read it, and SQLite gives its log the same permissions. */
    void create() throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (!Files.exists(path)) {
            if (posix) {
                Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } else {
                Files.createFile(path);
            }
        } else if (posix && Files.isRegularFile(path)) {
            Files.setPosixFilePermissions(path, OWNER_ONLY);
        }
    }

    /** For the writer, without auto-commit. */
    Session writer() throws SQLException {
        var session = open(Stream.concat(WRITER.stream(), morePragmas.stream()).toList());
        session.connection().setAutoCommit(false);
        return session;
    }

    /** For a reader: cannot change anything. */
    Session reader() throws SQLException {
        return open(READER);
    }

    /** For one look over everything there is, as of one moment, at a database that is there; without auto-commit. */
    Session auditor() throws SQLException {
        var session = open(READ_WRITE | NO_MUTEX, "DEFERRED", with(AUDITOR, "PRAGMA query_only = ON"));
        session.connection().setAutoCommit(false);
        return session;
    }

    /** For one change of everything that is derived, which nobody else may write beside; without auto-commit. */
    Session rebuilder() throws SQLException {
        var session = open(READ_WRITE | NO_MUTEX, "IMMEDIATE", with(AUDITOR, "PRAGMA synchronous = FULL"));
        session.connection().setAutoCommit(false);
        return session;
    }

    private static List<String> with(List<String> pragmas, String more) {
        return Stream.concat(pragmas.stream(), Stream.of(more)).toList();
    }

    private Session open(List<String> pragmas) throws SQLException {
        return open(READ_WRITE | CREATE | NO_MUTEX, "DEFERRED", pragmas);
    }

    private Session open(int mode, String transactions, List<String> pragmas) throws SQLException {
        var properties = new Properties();
        properties.setProperty("open_mode", String.valueOf(mode));
        properties.setProperty("transaction_mode", transactions);
        // Else the driver runs a query after each insert, for a key that nobody asks for.
        properties.setProperty("jdbc.get_generated_keys", "false");
        var connection = DriverManager.getConnection("jdbc:sqlite:" + path, properties);
        try {
            execute(connection, pragmas);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new Session(connection, Dialect.SQLITE);
    }

    private static void execute(Connection connection, List<String> pragmas) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var pragma : pragmas) {
                statement.execute(pragma);
            }
        }
    }
}
