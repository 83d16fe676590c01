package dev.quotary.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {
    @Test
    void every_part_is_read_and_the_password_is_hidden() {
        // When
        var url = PostgresUrl.parse(
                "postgresql://me%40home:p%3Aw%2F+%40@db-1:6432,[::1]:5433/usage%20db?sslmode=verify-full");
        // Then
        assertThat(url.user()).isEqualTo("me@home");
        assertThat(url.password().text()).isEqualTo("p:w/+@");
        assertThat(url.hosts()).isEqualTo("db-1:6432,[::1]:5433");
        assertThat(url.database()).isEqualTo("usage db");
        assertThat(url.options()).isEqualTo(Map.of("sslmode", "verify-full"));
        assertThat(url).hasToString("postgresql://me@home:***@db-1:6432,[::1]:5433/usage db?sslmode=verify-full");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://user:s3cret@host",
                "postgresql://user:s3cret@host/",
                "postgresql://host/db?password=s3cret",
                "postgresql://user:s3@cret@host/db",
                "postgresql://user:s3/cret@host/db",
                "postgresql://user:s3cret@host:port/db",
                "postgresql://user:s3cret@host/db?user=root",
                "postgresql://user:s3cret@host/db?sslmode",
            })
    void what_means_nothing_is_refused_without_the_password(String text) {
        assertThatThrownBy(() -> PostgresUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected")
                .hasMessageNotContaining("cret@")
                .hasMessageNotContaining("password=s3cret");
    }
}
