package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.OverloadedException;
import com.anthropic.errors.PaymentRequiredException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.errors.SseException;
import com.anthropic.errors.UnauthorizedException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
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

/** Anthropic's own Java client, unchanged, pointed at the gateway. */
@Timeout(60)
class AnthropicJavaSdkIT {
    @TempDir
    private Path directory;

    private final List<AnthropicClient> clients = new ArrayList<>();
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
        clients.forEach(AnthropicClient::close);
        tap.close();
        server.close();
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/anthropic", ""})
    void plain_answer_comes_whole_with_its_usage(String base) {
        // When
        var answer = client(base)
                .messages()
                .create(call(
                        "[simulate input=1900 cached=1000 cache_write=500 cache_write_1h=300 output=7 searches=2]"));
        // Then
        assertThat(text(answer)).isNotEmpty();
        assertThat(answer.usage().inputTokens()).isEqualTo(100);
        assertThat(answer.usage().cacheReadInputTokens()).hasValue(1000L);
        assertThat(answer.usage().cacheCreationInputTokens()).hasValue(800L);
        assertThat(answer.usage().cacheCreation().orElseThrow().ephemeral1hInputTokens())
                .isEqualTo(300);
        assertThat(answer.usage().outputTokens()).isEqualTo(7);
        assertThat(answer.usage().serverToolUse().orElseThrow().webSearchRequests())
                .isEqualTo(2);
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(1907);
        assertThat(tap.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/anthropic", ""})
    void stream_has_the_text_and_the_totals_and_is_metered(String base) {
        // Given
        var call = call("Say something [simulate input=19 output=40 reasoning=10 pings]");
        var plain = client(base).messages().create(call);
        // When
        var events = stream(client(base), call);
        // Then
        assertThat(streamed(events)).isEqualTo(text(plain));
        var end = events.stream()
                .flatMap(event -> event.messageDelta().stream())
                .findFirst()
                .orElseThrow();
        assertThat(end.usage().outputTokens()).isEqualTo(40);
        assertThat(events.getLast().isMessageStop()).isTrue();
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isEqualTo(2 * 59);
    }

    @Test
    void exhausted_quota_raises_at_once_and_is_not_repeated() {
        // Given
        var call = call("[simulate output=1]").toBuilder().maxTokens(100_001).build();
        var client = client("/anthropic");
        // When: the client itself allows so long an answer as a stream only.
        var refused = catchThrowableOfType(
                PaymentRequiredException.class, () -> client.messages().createStreaming(call));
        // Then
        assertThat(refused.statusCode()).isEqualTo(402);
        assertThat(refused.errorCode()).hasValue("quotary_limit_reached");
        assertThat(refused.type().orElseThrow().asString()).isEqualTo("billing_error");
        assertThat(refused.apiMessage().orElseThrow()).contains("0 of 100000 tokens used per month");
        assertThat(refused.requestId().orElseThrow()).startsWith("req_");
        assertThat(tap.requests()).hasSize(1);
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void throttled_call_is_repeated_as_the_client_does_and_never_reaches_the_provider() {
        // Given
        server.clock().set(Instant.parse("2026-11-22T10:00:59.900Z"));
        var call = throttled();
        client("").messages().create(call);
        client("").messages().create(call);
        // When
        var refused = refused(RateLimitException.class, call);
        // Then
        assertThat(refused.errorCode()).hasValue("quotary_rate_limited");
        assertThat(refused.headers().values("retry-after-ms")).containsExactly("100");
        assertThat(refused.headers().values("anthropic-ratelimit-requests-reset"))
                .containsExactly("2026-11-22T10:01:00Z");
        assertThat(tap.requests().subList(2, tap.requests().size()))
                .extracting(request -> request.header("x-stainless-retry-count").orElseThrow())
                .containsExactly("0", "1", "2");
        assertThat(simulator.calls()).isEqualTo(2);
    }

    /** These clients sleep as long as they are told: a minute would look hung. */
    @Test
    void throttled_call_whose_wait_is_long_is_not_repeated() {
        // Given: the clock stands at the beginning of a minute.
        var call = throttled();
        client("").messages().create(call);
        client("").messages().create(call);
        // When
        var refused = refused(RateLimitException.class, call);
        // Then
        assertThat(refused.headers().values("retry-after")).containsExactly("60");
        assertThat(refused.headers().values("x-should-retry")).containsExactly("false");
        assertThat(tap.requests()).hasSize(3);
    }

    @Test
    void errors_of_the_provider_pass_as_they_are() {
        // When
        var refused = refused(BadRequestException.class, call("[simulate error=400]"));
        var keyless = refused(UnauthorizedException.class, call("[simulate error=401]"));
        var overloaded = refused(OverloadedException.class, call("[simulate error=529]"));
        // Then
        assertThat(refused.type().orElseThrow().asString()).isEqualTo("invalid_request_error");
        assertThat(keyless.type().orElseThrow().asString()).isEqualTo("authentication_error");
        assertThat(overloaded.type().orElseThrow().asString()).isEqualTo("overloaded_error");
        assertThat(simulator.calls())
                .as("two calls, and one with two repetitions")
                .isEqualTo(2 + 3);
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isZero();
        assertThat(server.limit("ada", "tokens").get("held").asLong()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut_after=5", "truncate_after=5"})
    void stream_that_the_provider_breaks_off_raises(String how) {
        // Given
        var events = new ArrayList<RawMessageStreamEvent>();
        // When
        var raised = raisedBy(events, call("[simulate input=19 output=20 " + how + "]"));
        // Then: what was read is known, of what was written five words came.
        assertThat(raised).isInstanceOf(SseException.class).hasMessageContaining("broke the stream off");
        assertThat(streamed(events)).isNotEmpty();
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isBetween(19L + 5, 19L + 12);
    }

    @Test
    void stream_that_the_provider_ends_with_an_error_raises() {
        // Given
        var events = new ArrayList<RawMessageStreamEvent>();
        // When
        var raised = raisedBy(events, call("[simulate input=19 output=20 error_after=5]"));
        // Then
        assertThat(raised).isInstanceOf(SseException.class).hasMessageContaining("Overloaded");
        // The error is passed on as it comes; what was used is recorded when the stream has ended.
        var used = Await.until(
                () -> server.limit("ada", "tokens"), limit -> limit.get("used").asLong() > 0);
        assertThat(used.get("used").asLong()).isBetween(19L + 5, 19L + 12);
    }

    @Test
    void answer_without_usage_is_estimated() {
        // When
        var events = stream(client(""), call("[simulate output=20 no_usage]"));
        // Then
        assertThat(streamed(events)).isNotEmpty();
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isBetween(30L, 80L);
    }

    @Test
    void unknown_key_is_unauthorized() {
        // Given
        var client = client("", "qk_live_nobody");
        // When
        var refused = catchThrowableOfType(
                UnauthorizedException.class, () -> client.messages().create(call("Hi")));
        // Then
        assertThat(refused.type().orElseThrow().asString()).isEqualTo("authentication_error");
        assertThat(tap.requests()).hasSize(1);
        assertThat(simulator.calls()).isZero();
    }

    @Test
    void tokens_are_counted_and_models_are_listed_for_nothing() {
        // Given
        var question = MessageCountTokensParams.builder()
                .model("claude-opus-5")
                .addUserMessage("Hi")
                .build();
        // When
        var count = client("/anthropic").messages().countTokens(question);
        var models = client("/anthropic").models().list().data();
        // Then
        assertThat(count.inputTokens()).isEqualTo(7);
        assertThat(models).isNotEmpty();
        assertThat(server.limit("ada", "tokens").get("used").asLong()).isZero();
    }

    private MessageCreateParams throttled() {
        return call("[simulate output=1]").toBuilder()
                .putAdditionalHeader("X-Quotary-Feature", "throttled")
                .build();
    }

    private AnthropicException raisedBy(List<RawMessageStreamEvent> events, MessageCreateParams call) {
        var client = client("");
        return catchThrowableOfType(AnthropicException.class, () -> {
            try (var stream = client.messages().createStreaming(call)) {
                stream.stream().forEach(events::add);
            }
        });
    }

    private <E extends AnthropicServiceException> E refused(Class<E> type, MessageCreateParams call) {
        var client = client("/anthropic");
        return catchThrowableOfType(type, () -> client.messages().create(call));
    }

    private AnthropicClient client(String base) {
        return client(base, server.keyOf("ada"));
    }

    private AnthropicClient client(String base, String key) {
        var client = AnthropicOkHttpClient.builder()
                .baseUrl(tap.url() + base)
                .apiKey(key)
                .build();
        clients.add(client);
        return client;
    }

    private static MessageCreateParams call(String text) {
        return MessageCreateParams.builder()
                .model("claude-opus-5")
                .maxTokens(1000)
                .addUserMessage(text)
                .build();
    }

    private static List<RawMessageStreamEvent> stream(AnthropicClient client, MessageCreateParams call) {
        try (var stream = client.messages().createStreaming(call)) {
            return stream.stream().toList();
        }
    }

    private static String text(Message message) {
        return message.content().stream()
                .flatMap(block -> block.text().stream())
                .map(block -> block.text())
                .collect(Collectors.joining());
    }

    private static String streamed(List<RawMessageStreamEvent> events) {
        return events.stream()
                .flatMap(event -> event.contentBlockDelta().stream())
                .flatMap(event -> event.delta().text().stream())
                .map(delta -> delta.text())
                .collect(Collectors.joining());
    }
}
