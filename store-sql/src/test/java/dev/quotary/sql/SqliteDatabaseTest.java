package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.LedgerContract;
import dev.quotary.testkit.LedgerModel;
import dev.quotary.testkit.LedgerSamples;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening: whose file it is, and what is said of a file that cannot be used. */
class SqliteDatabaseTest {
    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("quotary.db");
    }

    @Test
    void only_the_owner_may_read_the_files() throws IOException {
        // Given
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        try (var database = SqliteDatabase.open(file())) {
            var ledger = new SqlLedger(database, new LedgerModel.Counters());
            // When
            LedgerContract.get(ledger.append(List.of(LedgerContract.counting(LedgerSamples.plain(1, "ann", 1)))));
            // Then
            try (var files = Files.list(directory)) {
                assertThat(files.toList())
                        .hasSizeGreaterThan(1)
                        .allSatisfy(file -> assertThat(!posix
                                        || PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                                                .equals("rw-------"))
                                .isTrue());
            }
        }
    }

    @Test
    void file_that_others_could_read_is_closed_to_them() throws IOException {
        // Given
        Files.createFile(file());
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        }
        // When
        SqliteDatabase.open(file()).close();
        // Then
        assertThat(!posix
                        || PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))
                                .equals("rw-------"))
                .isTrue();
    }

    @Test
    void file_of_text_is_refused() throws IOException {
        // Given
        Files.writeString(file(), "plans:\n".repeat(1_000));
        // When, Then
        assertThatThrownBy(() -> SqliteDatabase.open(file()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("not a SQLite database");
    }

    @Test
    void damaged_file_is_refused() throws IOException {
        // Given
        SqliteDatabase.open(file()).close();
        try (var bytes = new RandomAccessFile(file().toFile(), "rw")) {
            bytes.seek(100);
            bytes.write(new byte[3_900]);
        }
        // When, Then
        assertThatThrownBy(() -> SqliteDatabase.open(file()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void database_of_a_newer_version_is_refused_and_left_alone() throws SQLException {
        // Given
        SqliteDatabase.open(file()).close();
        RawSql.execute(file(), "PRAGMA user_version = 99");
        // When, Then
        assertThatThrownBy(() -> SqliteDatabase.open(file()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("schema version 99 of a newer Quotary");
        assertThat(RawSql.number(file(), "PRAGMA user_version")).isEqualTo(99);
    }

    @Test
    void database_from_before_fees_is_brought_up_to_date_with_its_events() throws SQLException {
        // Given
        try (var connection = RawSql.connect(file());
                var statement = connection.createStatement()) {
            for (var script : List.of("V1__ledger.sql", "V2__counted_since.sql", "V3__counter_entries.sql")) {
                Scripts.run(statement, script);
            }
            statement.execute("PRAGMA application_id = " + Migrations.APPLICATION_ID);
            statement.execute("PRAGMA user_version = 3");
            statement.execute(OldEvents.PRICE);
            statement.execute(OldEvents.event("x'00000000000000010000000000000002'"));
            statement.execute(OldEvents.HOUR);
        }
        // When
        try (var database = SqliteDatabase.open(file())) {
            var ledger = new SqlLedger(database, new LedgerModel.Counters());
            // Then
            OldEvents.assertRead(LedgerContract.get(ledger.find(LedgerSamples.ACME, OldEvents.ID)));
            assertThat(RawSql.number(file(), "PRAGMA user_version")).isEqualTo(13);
            assertThat(RawSql.number(file(), "SELECT queue_wait_ms FROM usage_hour"))
                    .isEqualTo(7);
        }
    }

    @Test
    void database_of_another_program_is_refused_and_left_alone() throws SQLException {
        // Given
        RawSql.execute(file(), "CREATE TABLE bookmarks (url TEXT)");
        // When, Then
        assertThatThrownBy(() -> SqliteDatabase.open(file()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("another program");
        assertThat(RawSql.number(file(), "SELECT count(*) FROM sqlite_master")).isEqualTo(1);
    }

    @Test
    void path_without_a_directory_is_refused() throws IOException {
        // Given
        Files.writeString(file(), "");
        var inside = file().resolve("inside.db");
        // When, Then
        assertThatThrownBy(() -> SqliteDatabase.open(inside))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining(inside.toString());
    }

    @Test
    void directory_in_the_place_of_the_file_is_refused() throws IOException {
        // Given
        Files.createDirectory(file());
        // When, Then
        assertThatThrownBy(() -> SqliteDatabase.open(file()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("cannot be opened");
    }
}
