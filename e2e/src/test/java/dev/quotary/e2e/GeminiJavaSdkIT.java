package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.genai.Client;
import com.google.genai.errors.ApiException;
import com.google.genai.errors.ClientException;
import com.google.genai.errors.ServerException;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Google's own Java client, unchanged, pointed at the gateway. */
@Timeout(60)
class GeminiJavaSdkIT {
    private static final String MODEL = "gemini-3.5-flash";
    private static final GenerateContentConfig CONFIG =
            GenerateContentConfig.builder().maxOutputTokens(1000).build();

    @TempDir
    private Path directory;

    private final List<Client> clients = new ArrayList<>();
    private Simulator simulator;
    private TestServer server;
    private Tap tap;

    @BeforeEach
    void start() {
        simulator = Simulator.start();
        server = TestServer.start(
                directory,
                Setup.of(
                        simulator.baseUrl(),
                        "{ key: tokens, meter: tokens, per: subject, window: month, max: 100000 }"));
        tap = Tap.before(server.port());
    }

    @AfterEach
    void stop() {
        clients.forEach(Client::close);
        tap.close();
        server.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gemini", ""})
    void plain_answer_comes_whole_with_its_usage(String base) {
        // When
        var answer = client(base).models.generateContent(MODEL, "[simulate input=19 output=7 reasoning=3]", CONFIG);
        // Then
        assertThat(answer.text()).isNotBlank();
        var usage = answer.usageMetadata().orElseThrow();
        assertThat(usage.promptTokenCount()).hasValue(19);
        assertThat(usage.candidatesTokenCount()).hasValue(4);
        assertThat(usage.thoughtsTokenCount()).hasValue(3);
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(26);
        assertThat(tap.requests()).hasSize(1);
        assertThat(tap.requests().getFirst().asked()).contains("/v1beta/models/" + MODEL + ":generateContent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gemini", ""})
    void stream_has_the_text_of_the_plain_answer_and_is_counted_once(String base) {
        // Given
        var text = "Say something [simulate input=19 output=40]";
        var plain = client(base).models.generateContent(MODEL, text, CONFIG);
        // When
        var chunks = stream(client(base), text);
        // Then
        assertThat(chunks.stream().map(GenerateContentResponse::text).collect(Collectors.joining()))
                .isEqualTo(plain.text());
        assertThat(chunks.getLast().usageMetadata().orElseThrow().totalTokenCount())
                .hasValue(59);
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(2 * 59);
    }

    @Test
    void exhausted_quota_raises_at_once_and_is_not_repeated() {
        // Given
        var config = GenerateContentConfig.builder().maxOutputTokens(100_001).build();
        var client = client("/gemini");
        // When
        var refused = catchThrowableOfType(
                ClientException.class, () -> client.models.generateContent(MODEL, "[simulate output=1]", config));
        // Then
        assertThat(refused.code()).isEqualTo(402);
        assertThat(refused.status()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(refused.message()).contains("0 of 100000 tokens used per month");
        assertThat(tap.requests()).hasSize(1);
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void exhausted_quota_of_a_stream_raises_at_once_and_is_not_repeated() {
        // Given
        var config = GenerateContentConfig.builder().maxOutputTokens(100_001).build();
        var client = client("");
        // When
        var refused = catchThrowableOfType(
                ClientException.class, () -> client.models.generateContentStream(MODEL, "Hi", config));
        // Then
        assertThat(refused.code()).isEqualTo(402);
        assertThat(tap.requests()).hasSize(1);
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void stream_that_the_provider_breaks_off_raises() {
        // Given
        var client = client("/gemini");
        var chunks = new ArrayList<GenerateContentResponse>();
        // When
        var raised = catchThrowableOfType(ApiException.class, () -> {
            try (var stream = client.models.generateContentStream(MODEL, "[simulate output=20 cut_after=5]", CONFIG)) {
                stream.forEach(chunks::add);
            }
        });
        // Then
        assertThat(raised).isInstanceOf(ServerException.class);
        assertThat(raised.code()).isEqualTo(502);
        assertThat(raised.message()).contains("broke the stream off");
        assertThat(chunks).isNotEmpty().hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void errors_of_the_provider_pass_as_they_are() {
        // Given
        var client = client("/gemini");
        // When
        var bad = catchThrowableOfType(
                ClientException.class, () -> client.models.generateContent(MODEL, "[simulate error=400]", CONFIG));
        var forbidden = catchThrowableOfType(
                ClientException.class, () -> client.models.generateContent(MODEL, "[simulate error=403]", CONFIG));
        // Then
        assertThat(bad.status()).isEqualTo("INVALID_ARGUMENT");
        assertThat(forbidden.status()).isEqualTo("PERMISSION_DENIED");
        assertThat(simulator.calls()).isEqualTo(2);
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isZero();
        assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
    }

    @Test
    void unknown_key_is_unauthorized() {
        // Given
        var client = client("", "qk_live_nobody");
        // When
        var refused =
                catchThrowableOfType(ClientException.class, () -> client.models.generateContent(MODEL, "Hi", CONFIG));
        // Then
        assertThat(refused.code()).isEqualTo(401);
        assertThat(refused.status()).isEqualTo("UNAUTHENTICATED");
        assertThat(tap.requests()).hasSize(1);
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void contents_are_embedded_and_tokens_counted() {
        // Given
        var client = client("");
        // When
        var embedded = client.models.embedContent("gemini-embedding-001", List.of("Hello", "world"), null);
        var count = client.models.countTokens(MODEL, "Hello", null);
        // Then
        assertThat(embedded.embeddings().orElseThrow()).hasSize(2);
        assertThat(count.totalTokens().orElseThrow()).isPositive();
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isPositive();
    }

    private Client client(String base) {
        return client(base, server.keyOf("ada"));
    }

    private Client client(String base, String key) {
        var client = Client.builder()
                .apiKey(key)
                .httpOptions(HttpOptions.builder().baseUrl(tap.url() + base).build())
                .build();
        clients.add(client);
        return client;
    }

    private static List<GenerateContentResponse> stream(Client client, String text) {
        var chunks = new ArrayList<GenerateContentResponse>();
        try (var stream = client.models.generateContentStream(MODEL, text, CONFIG)) {
            stream.forEach(chunks::add);
        }
        return chunks;
    }
}
