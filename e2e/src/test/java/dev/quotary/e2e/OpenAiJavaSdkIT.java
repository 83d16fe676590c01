package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.file.Path;
import java.time.Instant;
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

/** OpenAI's own Java client, unchanged, pointed at the gateway. */
@Timeout(60)
class OpenAiJavaSdkIT {
    private static final String MODEL = "gpt-4o-mini";
    private static final String TEXT = "Hello from the simulated provider. This";

    @TempDir
    private Path directory;

    private final List<OpenAIClient> clients = new ArrayList<>();
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
                        "{ key: two-a-minute, meter: requests, per: subject, window: minute, max: 2,"
                                + " where: { feature: throttled } }",
                        "{ key: tokens, meter: tokens, per: subject, window: month, max: 100000 }"));
        tap = Tap.before(server.port());
    }

    @AfterEach
    void stop() {
        clients.forEach(OpenAIClient::close);
        tap.close();
        server.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openai/v1", "/v1"})
    void plain_answer_comes_whole_with_its_usage(String base) {
        // Given
        var client = client(base);
        // When
        var answer = client.chat().completions().create(call("[simulate input=19 output=7]"));
        // Then
        assertThat(answer.choices().getFirst().message().content()).isPresent();
        assertThat(answer.usage().orElseThrow().promptTokens()).isEqualTo(19);
        assertThat(answer.usage().orElseThrow().completionTokens()).isEqualTo(7);
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(26);
        assertThat(tap.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openai/v1", "/v1"})
    void stream_of_a_client_that_did_not_ask_has_the_text_and_no_usage(String base) {
        // Given
        var call = call("Say something [simulate input=19 output=40]");
        var plain = client(base).chat().completions().create(call);
        // When
        var chunks = stream(client(base), call);
        // Then
        assertThat(text(chunks))
                .isEqualTo(plain.choices().getFirst().message().content().orElseThrow());
        assertThat(chunks).allMatch(chunk -> chunk.usage().isEmpty());
        assertThat(chunks).noneMatch(chunk -> chunk.choices().isEmpty());
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(2 * 59);
    }

    @Test
    void stream_of_a_client_that_asks_for_usage_ends_with_it() {
        // Given
        var call = call("[simulate input=19 output=40]").toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        // When
        var chunks = stream(client("/openai/v1"), call);
        // Then
        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().totalTokens()).isEqualTo(59);
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allMatch(chunk -> chunk.usage().isEmpty());
    }

    @Test
    void exhausted_quota_raises_at_once_and_is_not_repeated() {
        // Given
        var call = call("[simulate output=1]").toBuilder()
                .maxCompletionTokens(100_001)
                .build();
        // When
        var refused = refused(UnexpectedStatusCodeException.class, "/openai/v1", call);
        // Then
        assertThat(refused.statusCode()).isEqualTo(402);
        assertThat(refused.code()).hasValue("insufficient_quota");
        assertThat(refused.type()).hasValue("insufficient_quota");
        assertThat(refused.getMessage()).contains("0 of 100000 tokens used per month");
        assertThat(tap.requests()).hasSize(1);
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void throttled_call_is_repeated_as_the_client_does_and_never_reaches_the_provider() {
        // Given
        server.clock().set(Instant.parse("2026-11-22T10:00:59.900Z"));
        var call = call("[simulate output=1]").toBuilder()
                .putAdditionalHeader("X-Quotary-Feature", "throttled")
                .build();
        client("/openai/v1").chat().completions().create(call);
        client("/openai/v1").chat().completions().create(call);
        // When
        var refused = refused(RateLimitException.class, "/openai/v1", call);
        // Then
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.code()).hasValue("rate_limit_exceeded");
        assertThat(refused.headers().values("retry-after-ms")).containsExactly("100");
        assertThat(tap.requests().subList(2, tap.requests().size()))
                .extracting(request -> request.header("x-stainless-retry-count").orElseThrow())
                .containsExactly("0", "1", "2");
        assertThat(simulator.calls()).isEqualTo(2);
    }

    @Test
    void errors_of_the_provider_pass_as_they_are() {
        // Given
        var bad = call("[simulate error=400]");
        var unauthorized = call("[simulate error=401]");
        var failing = call("[simulate error=500]");
        // When
        var refused = refused(BadRequestException.class, "/openai/v1", bad);
        var keyless = refused(UnauthorizedException.class, "/openai/v1", unauthorized);
        var failed = refused(InternalServerException.class, "/openai/v1", failing);
        // Then
        assertThat(refused.type()).hasValue("invalid_request_error");
        assertThat(keyless.code()).hasValue("invalid_api_key");
        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.type()).hasValue("server_error");
        assertThat(simulator.calls())
                .as("two calls, and one with two repetitions")
                .isEqualTo(2 + 3);
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isZero();
        assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
    }

    @Test
    void stream_that_the_provider_breaks_off_raises() {
        // Given
        var client = client("/openai/v1");
        var chunks = new ArrayList<ChatCompletionChunk>();
        // When
        var raised = catchThrowableOfType(OpenAIException.class, () -> {
            try (var stream = client.chat().completions().createStreaming(call("[simulate output=20 cut_after=5]"))) {
                stream.stream().forEach(chunks::add);
            }
        });
        // Then
        assertThat(raised).isInstanceOf(SseException.class).hasMessageContaining("broke the stream off");
        assertThat(text(chunks)).isNotEmpty();
    }

    @Test
    void unknown_key_is_unauthorized() {
        // Given
        var client = client("/v1", "qk_live_nobody");
        // When
        var refused = catchThrowableOfType(
                UnauthorizedException.class, () -> client.chat().completions().create(call(TEXT)));
        // Then
        assertThat(refused.code()).hasValue("invalid_api_key");
        assertThat(tap.requests()).hasSize(1);
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void models_are_listed() {
        // Given
        var client = client("/openai/v1");
        // When
        var models = client.models().list().data();
        // Then
        assertThat(models).isNotEmpty();
    }

    private <E extends OpenAIServiceException> E refused(Class<E> type, String base, ChatCompletionCreateParams call) {
        var client = client(base);
        return catchThrowableOfType(type, () -> client.chat().completions().create(call));
    }

    private OpenAIClient client(String base) {
        return client(base, server.keyOf("ada"));
    }

    private OpenAIClient client(String base, String key) {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(tap.url() + base)
                .apiKey(key)
                .build();
        clients.add(client);
        return client;
    }

    private static ChatCompletionCreateParams call(String text) {
        return ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addUserMessage(text)
                .maxCompletionTokens(1000)
                .build();
    }

    private static List<ChatCompletionChunk> stream(OpenAIClient client, ChatCompletionCreateParams call) {
        try (var stream = client.chat().completions().createStreaming(call)) {
            return stream.stream().toList();
        }
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(choice -> choice.delta().content().stream())
                .collect(Collectors.joining());
    }
}
