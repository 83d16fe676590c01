package dev.quotary.client.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.TokenUsage;
import dev.quotary.client.Call;
import dev.quotary.client.LimitExceededException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models with Quotary round them, over a real server. */
@Timeout(60)
class MeteredTest {
    private static final ChatRequestParameters DEFAULTS = ChatRequestParameters.builder()
            .modelName("gpt-4o-mini")
            .maxOutputTokens(1000)
            .build();
    private static final ChatResponse ANSWER = ChatResponse.builder()
            .aiMessage(AiMessage.from("Hello"))
            .tokenUsage(new TokenUsage(100, 50))
            .build();

    @TempDir
    private Path directory;

    private RealServer quotary;
    private Metered metered;
    private final Model model = new Model();

    @BeforeEach
    void start() {
        quotary = new RealServer(directory);
        metered = Metered.by(quotary.client, () -> Call.of().subject("ada").feature("chat"));
    }

    @AfterEach
    void stop() {
        quotary.close();
    }

    /** Answers as told, and looks at what is held meanwhile. */
    private final class Model implements ChatModel, StreamingChatModel {
        private final List<String> held = new ArrayList<>();
        private RuntimeException failure = new IllegalStateException("no failure");
        private boolean fails;
        private List<ChatModelListener> listeners = List.of();

        @Override
        public ChatResponse doChat(ChatRequest request) {
            held.add(quotary.limit("daily-cost").held().toPlainString());
            if (fails) {
                throw failure;
            }
            return ANSWER;
        }

        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            held.add(quotary.limit("daily-cost").held().toPlainString());
            handler.onPartialResponse("Hel");
            handler.onPartialResponse("lo");
            if (fails) {
                handler.onError(failure);
            } else {
                handler.onCompleteResponse(ANSWER);
            }
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return DEFAULTS;
        }

        @Override
        public List<ChatModelListener> listeners() {
            return listeners;
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OPEN_AI;
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return Set.of();
        }
    }

    /** What a stream said, in its order, and how it ended. */
    private final class Handler implements StreamingChatResponseHandler {
        private final List<String> heard = new ArrayList<>();
        private final CompletableFuture<List<String>> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String text) {
            heard.add(text);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            heard.add("used " + quotary.limit("daily-cost").used());
            end.complete(heard);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }

    @Test
    void call_is_held_at_its_bound_and_charged_what_the_model_says() {
        // When
        var answer = metered.chat(model).chat("Hi");
        // Then
        assertThat(answer).isEqualTo("Hello");
        assertThat(model.held).hasSize(1);
        // A thousand tokens of output alone are 0.0006.
        assertThat(new BigDecimal(model.held.getFirst())).isBetween(new BigDecimal("0.0006"), new BigDecimal("0.0007"));
        assertThat(quotary.limit("daily-cost").used()).isEqualTo("0.000045");
        assertThat(quotary.limit("daily-cost").held()).isEqualTo("0");
        assertThat(quotary.limit("calls").used()).isEqualTo("1");
    }

    @Test
    void call_without_room_is_not_made() {
        // Given
        var chat = metered.chat(model);
        chat.chat("1");
        chat.doChat(ChatRequest.builder().messages(UserMessage.from("2")).build());
        chat.chat("3");
        // When
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> chat.chat("4"))
                .satisfies(refusal -> assertThat(refusal.limit().limit()).isEqualTo("calls"));
        // Then
        assertThat(model.held).hasSize(3);
    }

    @Test
    void call_that_fails_charges_the_request_alone() {
        // Given
        model.fails = true;
        // When
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> metered.chat(model).chat("Hi"))
                .isSameAs(model.failure);
        // Then
        assertThat(quotary.limit("daily-cost").used()).isEqualTo("0");
        assertThat(quotary.limit("calls").used()).isEqualTo("1");
    }

    @Test
    void stream_passes_and_ends_after_it_is_charged() {
        // Given
        var handler = new Handler();
        // When
        metered.streaming(model).chat("Hi", handler);
        // Then
        assertThat(handler.end.join()).containsExactly("Hel", "lo", "used 0.000045");
        assertThat(quotary.limit("daily-cost").held()).isEqualTo("0");
    }

    @Test
    void stream_without_room_or_with_a_failure_ends_with_it() {
        // Given
        var failed = new Handler();
        model.fails = true;
        // When
        metered.streaming(model).chat("Hi", failed);
        // Then
        assertThat(failed.end.handle((heard, failure) -> failure).join()).isSameAs(model.failure);
        var refused = new Handler();
        metered.outputTokensMax(1)
                .streaming(model)
                .chat(
                        ChatRequest.builder()
                                .messages(UserMessage.from("Hi"))
                                .maxOutputTokens(1_000_000)
                                .build(),
                        refused);
        assertThat(refused.end.handle((heard, failure) -> failure).join()).isInstanceOf(LimitExceededException.class);
        assertThat(model.held).hasSize(1);
    }

    @Test
    void listener_records_what_was_used_and_what_failed() throws InterruptedException {
        // Given
        model.listeners =
                List.of(new RecordingListener(quotary.client, () -> Call.of().subject("ada"), quotary.clock));
        ChatModel plain = model;
        // When
        plain.chat("Hi");
        model.fails = true;
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> plain.chat("Hi"));
        // Then
        assertThat(quotary.client.flush(Duration.ofSeconds(20))).isTrue();
        assertThat(quotary.limit("daily-cost").used()).isEqualTo("0.000045");
        assertThat(quotary.limit("calls").used()).isEqualTo("2");
    }
}
