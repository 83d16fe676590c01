package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose ledger and catalog are in PostgreSQL. */
@Timeout(120)
class PostgresIT {
    private static final String LIMIT = "{ key: calls, meter: requests, per: subject, window: day, max: 3 }";

    @TempDir
    private Path directory;

    private PostgresServer postgres;
    private PostgresUrl url;
    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        postgres = PostgresServer.start(Map.of());
        url = PostgresUrl.parse(postgres.newDatabase());
        provider = CannedProvider.start((_, to) -> to.whole(200, List.of(), Chat.bytes(Chat.answer(8, 1))));
        server = start("one");
    }

    private TestServer start(String name) {
        return TestServer.start(directory.resolve(name), url, Setup.of(provider.baseUrl(), LIMIT));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
        postgres.close();
    }

    private long used() {
        return server.limit("ada", "calls").get("used").asLong();
    }

    @Test
    void use_is_kept_in_the_database_and_counts_after_a_restart() {
        // Given
        server.chat("ada", Chat.CAPPED);
        server.chat("ada", Chat.CAPPED);
        // When
        server.close();
        server = start("one");
        // Then
        assertThat(used()).isEqualTo(2);
        assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
        assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(402);
    }

    @Test
    void server_goes_on_while_the_database_is_killed_and_everything_is_recorded_when_it_is_back() {
        // Given
        server.chat("ada", Chat.CAPPED);
        postgres.stopImmediately();
        // When
        var passed = server.chat("ada", Chat.CAPPED);
        var refused = server.api()
                .post("/api/v1/usage/records", "{\"id\":\"r1\",\"subject\":\"bob\",\"quantities\":{\"requests\":1}}");
        postgres.start();
        // Then
        assertThat(passed.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json().toString()).doesNotContain(PostgresServer.PASSWORD);
        assertThat(Await.until(this::used, used -> used == 2)).isEqualTo(2);
        assertThat(server.event(passed).at("/quantities/tokens").asLong()).isEqualTo(9);
    }

    @Test
    void second_server_that_would_decide_in_its_own_memory_is_refused() {
        // When, Then
        assertThatThrownBy(() -> start("two"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("in use by another server")
                .hasMessageNotContaining(PostgresServer.PASSWORD);
        assertThat(server.chat("ada", Chat.CAPPED).status()).isEqualTo(200);
        // When
        server.close();
        server = start("two");
        // Then
        assertThat(used()).isEqualTo(1);
    }
}
