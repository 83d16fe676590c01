package dev.quotary.console;

import static dev.quotary.console.ConsoleServer.ADMIN;
import static dev.quotary.console.ConsoleServer.PASSWORD;
import static dev.quotary.console.ConsoleServer.READ;
import static dev.quotary.console.ConsoleServer.cookie;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.testkit.FakeClock;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordsTest {
    private final ConsoleServer server = new ConsoleServer(null);

    @AfterEach
    void close() {
        server.close();
    }

    private int set(String password, String key) {
        var body = "{\"password\": \"%s\"}".formatted(password);
        return server.send("PUT", "/console/password", body, "Authorization", "Bearer " + key)
                .statusCode();
    }

    @Test
    void nobody_signs_in_with_a_password_before_one_is_set() {
        assertThat(server.get("/console/session").body()).isEqualTo("{\"signed_in\":false,\"password_set\":false}");
        assertThat(server.signIn("password", PASSWORD).statusCode()).isEqualTo(401);
        assertThat(server.signIn("password", "").statusCode()).isEqualTo(401);
    }

    @Test
    void admin_of_the_server_sets_the_password_and_the_audit_log_says_so_without_it() {
        // When
        int status = set(PASSWORD, ADMIN);
        // Then
        assertThat(status).isEqualTo(200);
        assertThat(server.signIn("password", PASSWORD).statusCode()).isEqualTo(200);
        var entry = server.store.log().getFirst();
        assertThat(entry.actor().id()).isEqualTo("key_admin");
        assertThat(entry.before()).isNull();
        assertThat(entry.after()).isEqualTo("{\"set_at\":\"2026-11-22T10:00:00Z\"}");
        assertThat(server.store.load().toString()).doesNotContain(PASSWORD);
    }

    @Test
    void who_may_only_look_does_not_set_it() {
        assertThat(set(PASSWORD, READ)).isEqualTo(403);
        assertThat(server.signIn("password", PASSWORD).statusCode()).isEqualTo(401);
    }

    @Test
    void short_password_is_refused_and_nothing_changes() {
        assertThat(set("elevenchars", ADMIN)).isEqualTo(400);
        assertThat(server.store.log()).isEmpty();
    }

    @Test
    void another_password_ends_the_sessions_of_the_one_before() {
        // Given
        set(PASSWORD, ADMIN);
        var byPassword = cookie(server.signIn("password", PASSWORD));
        var byKey = cookie(server.signIn("key", READ));
        // When
        set("another long password", ADMIN);
        // Then
        assertThat(server.get("/api", "Cookie", byPassword).statusCode()).isEqualTo(401);
        assertThat(server.get("/api", "Cookie", byKey).statusCode()).isEqualTo(200);
        assertThat(server.signIn("password", PASSWORD).statusCode()).isEqualTo(401);
    }

    @Test
    void stored_password_opens_after_a_restart_and_on_other_servers() {
        // Given
        set(PASSWORD, ADMIN);
        var restarted = new Passwords(
                server.store, new SplittableRandom(8), new FakeClock(ConsoleServer.NOW), Optional.empty());
        var other = new Passwords(
                new MemoryCatalogStore(), new SplittableRandom(9), new FakeClock(ConsoleServer.NOW), Optional.empty());
        // When
        other.take(server.store.load());
        // Then
        assertThat(restarted.opensWith(PASSWORD)).isTrue();
        assertThat(other.opensWith(PASSWORD)).isTrue();
        assertThat(other.opensWith("something else")).isFalse();
    }

    @Test
    void short_password_of_the_environment_ends_the_start() {
        assertThatThrownBy(() -> new Passwords(
                        server.store, new SplittableRandom(7), new FakeClock(ConsoleServer.NOW), Optional.of("short")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected QUOTARY_CONSOLE_PASSWORD to have 12 to 256 characters");
    }
}
