package dev.quotary.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresServerTest {
    @Test
    void shared_server_gives_every_test_an_empty_database() {
        // Given
        var server = PostgresServer.shared();
        server.execute(server.newDatabase(), "CREATE TABLE taken (n INT)");
        // When
        var database = server.newDatabase();
        // Then
        assertThat(server.number(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'taken'"))
                .isZero();
        assertThat(PostgresServer.shared()).isSameAs(server);
    }

    @Test
    void committed_rows_survive_an_immediate_stop_and_running_transactions_do_not() throws SQLException {
        // Given
        try (var server = PostgresServer.start(Map.of())) {
            var database = server.newDatabase();
            server.execute(database, "CREATE TABLE kept (n INT)");
            server.execute(database, "INSERT INTO kept VALUES (1), (2)");
            try (var running = server.connect(database);
                    var statement = running.createStatement()) {
                running.setAutoCommit(false);
                statement.execute("INSERT INTO kept VALUES (3)");
                // When
                server.stopImmediately();
                server.start();
                // Then
                assertThatThrownBy(running::commit).isInstanceOf(SQLException.class);
            }
            assertThat(server.number(database, "SELECT count(*) FROM kept")).isEqualTo(2);
        }
    }

    @Test
    void text_is_ordered_by_language_unless_a_column_says_otherwise() {
        // Given
        var server = PostgresServer.shared();
        var database = server.newDatabase();
        // When
        long byLanguage = server.number(database, "SELECT CASE WHEN 'a' < 'B' THEN 1 ELSE 0 END");
        long byBytes = server.number(database, "SELECT CASE WHEN 'a' < 'B' COLLATE \"C\" THEN 1 ELSE 0 END");
        // Then
        assertThat(byLanguage).isEqualTo(1);
        assertThat(byBytes).isZero();
    }

    @Test
    void closed_server_leaves_no_files_behind() {
        // Given
        var server = PostgresServer.start(Map.of());
        var data = server.directory();
        // When
        server.close();
        // Then
        assertThat(Files.exists(data)).isFalse();
    }
}
