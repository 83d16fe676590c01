package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.TestServer.Setup;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in every form that HTTP allows: what reaches the provider is what the client meant. */
@Timeout(60)
class GatewayBytesIT {
    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start(CannedProvider.json(Chat.answer(60, 40)));
        server = TestServer.start(directory, Setup.of(provider.baseUrl()));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @Test
    void body_in_chunks_is_the_same_body() {
        // Given
        var head = "POST " + TestServer.CHAT + " HTTP/1.1\r\nHost: quotary.test\r\nAuthorization: Bearer "
                + server.serviceKey() + "\r\nTransfer-Encoding: chunked\r\n\r\n";
        int half = Chat.CAPPED.length() / 2;
        try (var client = RawClient.connect(server.port())) {
            // When
            client.send(Chat.bytes(head));
            client.send(Chat.bytes(chunk(Chat.CAPPED.substring(0, half))));
            client.send(Chat.bytes(chunk(Chat.CAPPED.substring(half)) + "0\r\n\r\n"));
            var answer = client.answer();
            // Then
            assertThat(answer.status()).isEqualTo(200);
            var asked = provider.taken();
            assertThat(asked.text()).isEqualTo(Chat.CAPPED);
            assertThat(asked.header("content-length")).hasValue(Integer.toString(Chat.CAPPED.length()));
            assertThat(asked.header("transfer-encoding")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TestServer.CHAT, "/api/v1/usage/records"})
    void client_that_waits_to_be_told_to_go_on_is_told(String path) {
        // Given
        var text = path.equals(TestServer.CHAT) ? Chat.CAPPED : "{\"subject\":\"ada\",\"quantities\":{\"tokens\":1}}";
        var ask = new String(
                Ask.post(path, text)
                        .key(server.serviceKey())
                        .with("Expect", "100-continue")
                        .bytes(),
                StandardCharsets.UTF_8);
        int body = ask.indexOf("\r\n\r\n") + 4;
        try (var client = RawClient.connect(server.port())) {
            // When
            var goOn = client.send(Chat.bytes(ask.substring(0, body))).head();
            var answer = client.send(Chat.bytes(ask.substring(body))).answer();
            // Then
            assertThat(goOn.status()).isEqualTo(100);
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"H\\u0069\"}],\"max_tokens\":5}\n\n",
                " \t{ \"max_tokens\" : 5 , \"messages\" : [ {\"content\":\"é😀\",\"role\":\"user\"} ] , \"model\":\"gpt-4o-mini\" } ",
                "{\"model\":\"gpt-4o-mini\",\"x\":{\"y\":[1.0,1e2,null]},\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                        + "\"max_tokens\":5,\"x\":1}"
            })
    void unusual_json_is_not_written_anew(String body) {
        // Given
        var streamed = body.replaceFirst("\\{", "{\"stream\":true,");
        // When
        var plain = server.chat("ada", body);
        server.chat("ada", streamed);
        // Then
        assertThat(plain.status()).isEqualTo(200);
        assertThat(provider.taken().text()).isEqualTo(body);
        assertThat(provider.taken().text().replace(",\"stream_options\":{\"include_usage\":true}", ""))
                .isEqualTo(streamed);
    }

    @Test
    void body_of_megabytes_passes_byte_for_byte() {
        // Given
        var body = Chat.CAPPED.replace("Hi", "lorem ipsum ".repeat(300_000));
        // When
        var answer = server.chat("ada", body);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(provider.taken().text()).isEqualTo(body);
    }

    @Test
    void answer_of_megabytes_passes_byte_for_byte() {
        // Given
        var text = Chat.answer(60, 40).replace("Hello.", "lorem ipsum ".repeat(300_000));
        provider.answers(CannedProvider.json(text));
        // When
        var answer = server.chat("ada", Chat.CAPPED);
        // Then
        assertThat(answer.text()).isEqualTo(text);
        assertThat(server.event(answer).at("/quantities/tokens").asLong()).isEqualTo(100);
    }

    @Test
    void address_of_the_provider_may_have_a_path_and_the_query_passes() {
        // Given
        server.close();
        var base = URI.create(provider.baseUrl() + "/proxy/");
        server = TestServer.start(directory, Setup.of(base));
        // When
        server.exchange(
                Ask.post(TestServer.CHAT + "?api-version=2&x=%20", Chat.CAPPED).key(server.serviceKey()));
        // Then
        assertThat(provider.taken().asked()).isEqualTo("POST /proxy/v1/chat/completions?api-version=2&x=%20");
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }
}
