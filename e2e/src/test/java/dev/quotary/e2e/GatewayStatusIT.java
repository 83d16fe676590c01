package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits whose operator chose the status: what the clients of each provider then see, and how often they come. */
@Timeout(60)
class GatewayStatusIT {
    private static final String GEMINI = "/gemini/v1beta/models/gemini-3.5-flash:generateContent";
    private static final String CONTENT = "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}";
    private static final String MESSAGE =
            "{\"model\":\"claude-opus-5\",\"max_tokens\":5," + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    @TempDir
    private Path directory;

    private CannedProvider provider;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> to.hangUp());
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    /** A limit that waiting does not help, and that is to be told as a rate. */
    private TestServer quotaAsRate() {
        return TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: monthly, meter: requests, per: subject, window: month, max: 0,"
                                + " exceeded: { action: block, status: 429 } }"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/openai/v1/chat/completions | 429 | /error/type insufficient_quota | /error/code insufficient_quota",
                "/xai/v1/chat/completions | 429 | /error/type insufficient_quota | /error/code insufficient_quota",
                "/anthropic/v1/messages | 429 | /error/type rate_limit_error | /error/details/error_code quotary_limit_reached",
                GEMINI + " | 402 | /error/status RESOURCE_EXHAUSTED | /error/details/0/reason QUOTARY_LIMIT_REACHED"
            })
    void hard_limit_as_a_rate_is_told_in_every_shape_and_never_to_be_repeated(
            String path, int status, String type, String code) {
        // Given
        try (var server = quotaAsRate()) {
            // When
            var refused = server.exchange(
                    Ask.post(path, body(path)).key(server.serviceKey()).with("X-Quotary-Subject", "ada"));
            // Then
            assertThat(refused.status()).isEqualTo(status);
            var told = Api.json(refused.text());
            for (var expected : List.of(type.split(" ", 2), code.split(" ", 2))) {
                assertThat(told.at(expected[0]).asText()).isEqualTo(expected[1]);
            }
            assertThat(refused.header("x-should-retry")).hasValue("false");
            assertThat(refused.header("retry-after")).isEmpty();
            assertThat(refused.header("x-quotary-limit")).hasValue("monthly");
            assertThat(provider.calls()).isZero();
        }
    }

    private static String body(String path) {
        return path.startsWith("/gemini") ? CONTENT : path.startsWith("/anthropic") ? MESSAGE : Chat.CAPPED;
    }

    @Test
    void gemini_tells_a_code_of_its_body_that_is_its_status() {
        // Given
        try (var server = quotaAsRate()) {
            // When
            var refused = server.exchange(
                    Ask.post(GEMINI, CONTENT).key(server.serviceKey()).with("X-Quotary-Subject", "ada"));
            // Then
            assertThat(Api.json(refused.text()).at("/error/code").asInt()).isEqualTo(402);
            assertThat(Api.json(refused.text()).at("/error/details").size()).isEqualTo(1);
        }
    }

    /** Its client repeats every 429 four times. */
    @Test
    void googles_client_raises_at_once() {
        // Given
        try (var server = quotaAsRate();
                var tap = Tap.before(server.port());
                var client = Client.builder()
                        .apiKey(server.keyOf("ada"))
                        .httpOptions(HttpOptions.builder()
                                .baseUrl(tap.url() + "/gemini")
                                .build())
                        .build()) {
            var config = GenerateContentConfig.builder().maxOutputTokens(5).build();
            // When
            var refused = catchThrowableOfType(
                    ClientException.class, () -> client.models.generateContent("gemini-3.5-flash", "Hi", config));
            // Then
            assertThat(refused.status()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(tap.requests()).hasSize(1);
        }
    }

    @Test
    void openais_client_raises_its_exception_for_rates_and_does_not_repeat() {
        // Given
        try (var server = quotaAsRate();
                var tap = Tap.before(server.port())) {
            var client = OpenAIOkHttpClient.builder()
                    .baseUrl(tap.url() + "/openai/v1")
                    .apiKey(server.keyOf("ada"))
                    .build();
            var call = ChatCompletionCreateParams.builder()
                    .model("gpt-4o-mini")
                    .addUserMessage("Hi")
                    .maxCompletionTokens(5)
                    .build();
            // When
            var refused = catchThrowableOfType(
                    RateLimitException.class, () -> client.chat().completions().create(call));
            // Then
            assertThat(refused.code()).hasValue("insufficient_quota");
            assertThat(tap.requests()).hasSize(1);
            client.close();
        }
    }

    @Test
    void anthropics_client_raises_its_exception_for_rates_and_does_not_repeat() {
        // Given
        try (var server = quotaAsRate();
                var tap = Tap.before(server.port())) {
            var client = AnthropicOkHttpClient.builder()
                    .baseUrl(tap.url() + "/anthropic")
                    .apiKey(server.keyOf("ada"))
                    .build();
            var call = MessageCreateParams.builder()
                    .model("claude-opus-5")
                    .maxTokens(5)
                    .addUserMessage("Hi")
                    .build();
            // When
            var refused = catchThrowableOfType(
                    com.anthropic.errors.RateLimitException.class,
                    () -> client.messages().create(call));
            // Then
            assertThat(refused.errorCode()).hasValue("quotary_limit_reached");
            assertThat(tap.requests()).hasSize(1);
            client.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"/openai/v1/chat/completions", "/anthropic/v1/messages", GEMINI})
    void rate_that_is_to_look_like_a_hard_limit_tells_nobody_to_wait(String path) {
        // Given
        var limit = "{ key: rpm, meter: requests, per: subject, window: minute, max: 0,"
                + " exceeded: { action: block, status: 402 } }";
        try (var server = TestServer.start(directory, Setup.of(provider.baseUrl(), limit))) {
            // When
            var refused = server.exchange(
                    Ask.post(path, body(path)).key(server.serviceKey()).with("X-Quotary-Subject", "ada"));
            // Then
            assertThat(refused.status()).isEqualTo(402);
            assertThat(refused.header("retry-after")).isEmpty();
            assertThat(refused.header("retry-after-ms")).isEmpty();
            assertThat(refused.header("x-should-retry")).hasValue("false");
        }
    }
}
