package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.testkit.FakeClock;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subjects that clients name in their provider's words. */
@Timeout(60)
class GatewayClientSubjectIT {
    private static final String BODY = Chat.CAPPED.replaceFirst(
            "}$", ",\"user\":\"ada\",\"metadata\":{\"x\":\"1\",\"user_id\":\"bob\"},\"safety_identifier\":\"cid\"}");

    @TempDir
    private Path directory;

    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(30, 4)));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private TestServer server(String from) {
        var yaml = "providers: { openai: { base_url: '" + provider.baseUrl() + "'"
                + (from.isEmpty() ? "" : ", attribution: { subject_from: '" + from + "' }") + " } }";
        var limit = "{ key: calls, meter: requests, per: subject, window: day, max: 100 }";
        return TestServer.configured(
                directory, new FakeClock(TestServer.NOW), Setup.of(provider.baseUrl(), limit), yaml);
    }

    private static String subject(TestServer server, Message answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return server.event(answer).get("subject").asText();
    }

    @ParameterizedTest
    @CsvSource({
        "user, ada",
        "metadata.user_id, bob",
        "safety_identifier, cid",
        "header:X-Forwarded-User, dee",
        "header:x-nowhere, null",
        "'', null"
    })
    void service_key_acts_for_whom_the_client_names_where_that_is_configured(String from, String expected) {
        // Given
        try (var server = server(from)) {
            var ask = Ask.post(TestServer.CHAT, BODY).key(server.serviceKey()).with("X-Forwarded-User", "dee");
            // When
            var answer = server.exchange(ask);
            // Then
            assertThat(subject(server, answer)).isEqualTo(expected);
            assertThat(provider.taken().text()).isEqualTo(BODY);
        }
    }

    @Test
    void our_own_header_wins_and_a_subjects_own_key_stays_its_own() {
        // Given
        try (var server = server("user")) {
            // When
            var named = server.exchange(server.chatOf("eva", BODY));
            var own = server.exchange(Ask.post(TestServer.CHAT, BODY).key(server.keyOf("bob")));
            // Then
            assertThat(subject(server, named)).isEqualTo("eva");
            assertThat(subject(server, own)).isEqualTo("bob");
            assertThat(server.limit("ada", "calls").get("used").asInt()).isZero();
        }
    }

    @Test
    void name_that_no_subject_can_have_is_refused_and_not_counted_for_nobody() {
        // Given
        try (var server = server("user")) {
            var ask = Ask.post(TestServer.CHAT, BODY.replace("\"ada\"", "\"" + "a".repeat(500) + "\""))
                    .key(server.serviceKey());
            // When
            var answer = server.exchange(ask);
            // Then
            assertThat(answer.status()).isEqualTo(400);
            assertThat(provider.calls()).isZero();
        }
    }
}
