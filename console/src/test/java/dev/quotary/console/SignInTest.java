package dev.quotary.console;

import static dev.quotary.console.ConsoleServer.ADMIN;
import static dev.quotary.console.ConsoleServer.PASSWORD;
import static dev.quotary.console.ConsoleServer.READ;
import static dev.quotary.console.ConsoleServer.SERVICE;
import static dev.quotary.console.ConsoleServer.cookie;
import static dev.quotary.console.ConsoleServer.member;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.KeyId;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignInTest {
    private final ConsoleServer server = new ConsoleServer(PASSWORD);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void password_opens_a_session_of_the_whole_servers_admin() {
        // When
        var answer = server.signIn("password", PASSWORD);
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"signed_in\":true,\"role\":\"admin\",\"organization\":null,\"name\":\"console\"");
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        assertThat(answer.headers().firstValue("set-cookie").orElseThrow())
                .matches("quotary_session=[0-9a-f]{64}; Max-Age=604800; .*Path=/; HTTPOnly; SameSite=Strict");
        assertThat(server.get("/api", "Cookie", cookie(answer)).body()).isEqualTo("\"console ADMIN\"");
    }

    @Test
    void wrong_password_opens_nothing() {
        // When
        var answer = server.signIn("password", PASSWORD + "!");
        // Then
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
        assertThat(answer.body()).contains("This password is wrong.");
    }

    @Test
    void eleventh_wrong_password_is_not_even_tried_and_a_key_still_opens() {
        // Given
        for (int i = 0; i < Attempts.OF_ONE_ADDRESS; i++) {
            server.signIn("password", "wrong wrong wrong");
        }
        // When
        var answer = server.signIn("password", PASSWORD);
        // Then
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("retry-after")).contains("901");
        assertThat(server.signIn("key", ADMIN).statusCode()).isEqualTo(200);
    }

    @Test
    void key_opens_a_session_of_its_role_and_no_more() {
        // When
        var answer = server.signIn("key", READ);
        // Then
        assertThat(answer.body()).contains("\"role\":\"read\",\"organization\":\"acme\"");
        assertThat(server.get("/api", "Cookie", cookie(answer)).body()).isEqualTo("\"key_read READ\"");
    }

    @Test
    void keys_that_only_use_do_not_open_the_console() {
        assertThat(server.signIn("key", SERVICE).statusCode()).isEqualTo(401);
        assertThat(server.signIn("key", "qk_live_nobody").statusCode()).isEqualTo(401);
    }

    @Test
    void session_ends_with_its_key() {
        // Given
        var cookie = cookie(server.signIn("key", READ));
        var key = server.ring.key(new KeyId("key_read")).orElseThrow();
        // When
        server.ring.put(key.revoked(ConsoleServer.NOW));
        // Then
        assertThat(server.get("/api", "Cookie", cookie).statusCode()).isEqualTo(401);
        assertThat(server.get("/console/session", "Cookie", cookie).body()).contains("\"signed_in\":false");
    }

    @Test
    void session_ends_after_twelve_hours_without_use() {
        // Given
        var cookie = cookie(server.signIn("password", PASSWORD));
        server.clock.advance(Duration.ofHours(12).minusSeconds(1));
        assertThat(server.get("/api", "Cookie", cookie).statusCode()).isEqualTo(200);
        // When
        server.clock.advance(Duration.ofHours(12));
        // Then
        assertThat(server.get("/api", "Cookie", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void session_ends_after_seven_days_however_busy() {
        // Given
        var cookie = cookie(server.signIn("password", PASSWORD));
        for (int i = 0; i < 7 * 4 - 1; i++) {
            server.clock.advance(Duration.ofHours(6));
            assertThat(server.get("/api", "Cookie", cookie).statusCode()).isEqualTo(200);
        }
        // When
        server.clock.advance(Duration.ofHours(6));
        // Then
        assertThat(server.get("/api", "Cookie", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void session_changes_nothing_without_its_second_secret() {
        // Given
        var answer = server.signIn("password", PASSWORD);
        // When
        var bare = server.send("POST", "/api", "", "Cookie", cookie(answer));
        var wrong = server.send("POST", "/api", "", "Cookie", cookie(answer), "X-Quotary-Csrf", "0".repeat(64));
        var right = server.send("POST", "/api", "", "Cookie", cookie(answer), "X-Quotary-Csrf", member(answer, "csrf"));
        // Then
        assertThat(bare.statusCode()).isEqualTo(403);
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(right.statusCode()).isEqualTo(200);
    }

    @Test
    void key_in_a_header_goes_before_the_session() {
        // Given
        var cookie = cookie(server.signIn("password", PASSWORD));
        // When
        var answer = server.send("POST", "/api", "", "Cookie", cookie, "Authorization", "Bearer " + SERVICE);
        // Then
        assertThat(answer.body()).isEqualTo("\"key_service SERVICE\"");
    }

    @Test
    void another_sites_page_cannot_sign_in() {
        // When
        var answer =
                server.send("POST", "/console/session", "{\"key\":\"" + ADMIN + "\"}", "Sec-Fetch-Site", "cross-site");
        // Then
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void signing_out_ends_the_session() {
        // Given
        var cookie = cookie(server.signIn("password", PASSWORD));
        // When
        var answer = server.send("DELETE", "/console/session", "", "Cookie", cookie);
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(server.get("/api", "Cookie", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void password_of_the_environment_is_not_changed_here() {
        // When
        var answer = server.send(
                "PUT", "/console/password", "{\"password\": \"another long one\"}", "Authorization", "Bearer " + ADMIN);
        // Then
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(server.signIn("password", PASSWORD).statusCode()).isEqualTo(200);
    }
}
