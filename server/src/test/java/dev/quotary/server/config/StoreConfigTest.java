package dev.quotary.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.http.InvalidInputException;
import dev.quotary.sql.PostgresUrl;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreConfigTest {
    private static final Path FOLDER = Path.of("/etc/quotary");
    private static final String POSTGRES = "postgresql://quotary:s3cret@db:5432/usage";

    private static Config.Store store(String yaml, Optional<Path> data) {
        return new ConfigReader(Map.of("PASSWORD", "s3cret"), FOLDER)
                .read(yaml, data)
                .store();
    }

    @Test
    void everything_lies_in_a_file_unless_something_else_is_said() {
        assertThat(store("", Optional.empty())).isEqualTo(new Config.Sqlite(FOLDER.resolve("data/quotary.db")));
        assertThat(store("store: { url: 'sqlite:here.db' }", Optional.empty()))
                .isEqualTo(new Config.Sqlite(FOLDER.resolve("here.db")));
        assertThat(store("store: { url: 'sqlite:here.db' }", Optional.of(Path.of("/data"))))
                .isEqualTo(new Config.Sqlite(Path.of("/data/quotary.db")));
    }

    @Test
    void postgres_keeps_its_local_files_in_a_directory_that_may_be_named() {
        // Given
        var url = PostgresUrl.parse(POSTGRES);
        var written = "store: { url: 'postgresql://quotary:${PASSWORD}@db:5432/usage', directory: local }";
        // When, Then
        assertThat(store("store: { url: '" + POSTGRES + "' }", Optional.empty()))
                .isEqualTo(new Config.Postgres(url, FOLDER.resolve("data"), false));
        assertThat(store(written, Optional.empty()))
                .isEqualTo(new Config.Postgres(url, FOLDER.resolve("local"), false));
        assertThat(store(written, Optional.of(Path.of("/data"))))
                .isEqualTo(new Config.Postgres(url, Path.of("/data"), false));
    }

    @Test
    void limits_may_be_decided_in_the_database_that_keeps_the_rest_and_in_no_other() {
        // Given
        var url = PostgresUrl.parse(POSTGRES);
        var shared = "limiter: { url: 'postgresql:' }\n";
        // When, Then
        assertThat(store(shared + "store: { url: '" + POSTGRES + "' }", Optional.empty()))
                .isEqualTo(new Config.Postgres(url, FOLDER.resolve("data"), true));
        for (var wrong : new String[] {shared, "limiter: { url: 'postgresql://u:s3cret@db/other' }"}) {
            assertThatThrownBy(() -> store(wrong, Optional.empty()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("postgresql:")
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void password_is_shown_neither_by_the_configuration_nor_by_its_errors() {
        assertThat(store("store: { url: '" + POSTGRES + "' }", Optional.empty()).toString())
                .contains("quotary:***@db:5432/usage")
                .doesNotContain("s3cret");
        for (var wrong :
                new String[] {POSTGRES + "?password=s3cret", "postgres://u:s3cret@db", "mysql://u:s3cret@db/x"}) {
            assertThatThrownBy(() -> store("store: { url: '" + wrong + "' }", Optional.empty()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("expected")
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void directory_beside_a_file_is_refused() {
        assertThatThrownBy(() -> store("store: { url: 'sqlite:here.db', directory: there }", Optional.empty()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected no directory");
    }
}
