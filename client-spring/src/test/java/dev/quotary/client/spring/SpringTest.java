package dev.quotary.client.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.quotary.client.Call;
import dev.quotary.client.LimitExceededException;
import dev.quotary.client.LimitState;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Usage;
import dev.quotary.server.config.ConfigReader;
import dev.quotary.server.runtime.QuotaryServer;
import dev.quotary.testkit.FakeClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** An application with the auto-configuration, over a real server. */
@Timeout(60)
class SpringTest {
    private static final String PLANS = """
            meters: [ { key: export, aggregation: sum } ]
            plans:
              - key: free
                limits:
                  - { key: daily-cost, meter: cost, per: subject, window: day, max: "0.01" }
                  - { key: exports, meter: export, per: subject, window: day, max: 5 }
            organizations: [ { key: acme, plan: free } ]
            """;

    @TempDir
    private Path directory;

    private QuotaryServer server;

    @BeforeEach
    void start() throws IOException {
        var plans = Files.writeString(directory.resolve("plans.yaml"), PLANS);
        var config = new ConfigReader(Map.of("QUOTARY_SERVER_PORT", "0"), directory)
                .read("apply: [ " + plans + " ]\n", Optional.of(directory.resolve("data")));
        // Clients record by their own clock, which is the system's here.
        server = QuotaryServer.start(config, new FakeClock(Instant.now()), Map.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ApplicationContextRunner application() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(QuotaryAutoConfiguration.class))
                .withPropertyValues(
                        "quotary.url=" + server.url(), "quotary.key=" + server.createKey("acme", Optional.empty()));
    }

    private static LimitState limit(QuotaryClient client, String key) {
        return client.status("ada").limit(key).orElseThrow();
    }

    /** A service that somebody wrote. */
    public static class Exports {
        private final List<String> made = new CopyOnWriteArrayList<>();

        @Metered(meter = "export", amount = 2, subject = "#userId", usage = Rows.class)
        public String export(String userId, String what) {
            made.add(what);
            if (what.equals("fails")) {
                throw new IllegalArgumentException(what);
            }
            return what;
        }

        @Metered(meter = "export")
        public CompletionStage<String> later(CompletableFuture<String> answer) {
            return answer;
        }

        @Metered
        public Flux<String> stream() {
            return Flux.just("never");
        }
    }

    /** As many exports as the answer has letters. */
    static class Rows implements UsageReader {
        @Override
        public Usage read(@Nullable Object answer) {
            return Usage.of("export", String.valueOf(answer).length());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class App {
        @Bean
        Exports exports() {
            return new Exports();
        }

        @Bean
        CallContext context() {
            return () -> Call.of().subject("ada").feature("exports");
        }
    }

    @Test
    void metered_method_is_charged_what_it_used_and_not_called_without_room() {
        application().withUserConfiguration(App.class).run(context -> {
            // Given
            var exports = context.getBean(Exports.class);
            var client = context.getBean(QuotaryClient.class);
            // When
            var answer = exports.export("ada", "abcd");
            // Then
            assertThat(answer).isEqualTo("abcd");
            assertThat(limit(client, "exports").used()).isEqualTo("4");
            assertThat(limit(client, "exports").held()).isEqualTo("0");
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> exports.export("ada", "more"))
                    .satisfies(refusal -> assertThat(refusal.limit().limit()).isEqualTo("exports"));
            assertThat(exports.export("bob", "b")).isEqualTo("b");
        });
    }

    @Test
    void method_that_fails_throws_what_it_threw_and_charges_nothing() {
        application().withUserConfiguration(App.class).run(context -> {
            var exports = context.getBean(Exports.class);
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> exports.export("ada", "fails"))
                    .withMessage("fails");
            assertThat(limit(context.getBean(QuotaryClient.class), "exports").used())
                    .isEqualTo("0");
        });
    }

    @Test
    void method_that_does_not_wait_is_metered_until_its_end_and_a_stream_is_refused() {
        application().withUserConfiguration(App.class).run(context -> {
            // Given
            var exports = context.getBean(Exports.class);
            var client = context.getBean(QuotaryClient.class);
            var running = new CompletableFuture<String>();
            // When
            var answer = exports.later(running).toCompletableFuture();
            running.complete("done");
            // Then
            assertThat(answer.join()).isEqualTo("done");
            assertThat(limit(client, "exports").used()).isEqualTo("1");
            assertThatIllegalStateException().isThrownBy(exports::stream).withMessageContaining("executeStream");
        });
    }

    /** A model that says 100 tokens in and 50 out. */
    private static final class Model implements ChatModel {
        private int calls;

        @Override
        public ChatResponse call(Prompt prompt) {
            calls++;
            return response("Hello", new DefaultUsage(100, 50));
        }

        @Override
        public Flux<ChatResponse> stream(Prompt prompt) {
            calls++;
            return Flux.just(response("Hel", new DefaultUsage(0, 0)), response("lo", new DefaultUsage(100, 50)));
        }

        private static ChatResponse response(String text, DefaultUsage usage) {
            var metadata = ChatResponseMetadata.builder().usage(usage).build();
            return new ChatResponse(List.of(new Generation(new AssistantMessage(text))), metadata);
        }

        @Override
        public ChatOptions getOptions() {
            return ChatOptions.builder().model("gpt-4o-mini").maxTokens(1000).build();
        }
    }

    @Test
    void chat_client_is_metered_call_by_call_and_in_streams() {
        application().withPropertyValues("quotary.provider=openai").run(context -> {
            // Given
            var model = new Model();
            var client = context.getBean(QuotaryClient.class);
            var chat = ChatClient.builder(model)
                    .defaultAdvisors(context.getBean(QuotaryAdvisor.class))
                    .build();
            // When
            var answer = chat.prompt("Hi")
                    .advisors(advisor -> advisor.param(QuotaryAdvisor.SUBJECT, "ada"))
                    .call()
                    .content();
            var streamed = chat.prompt("Hi").advisors(advisor -> advisor.param(QuotaryAdvisor.SUBJECT, "ada")).stream()
                    .content()
                    .collectList()
                    .block();
            // Then
            assertThat(answer).isEqualTo("Hello");
            assertThat(streamed).isNotNull();
            assertThat(String.join("", streamed)).isEqualTo("Hello");
            assertThat(limit(client, "daily-cost").used()).isEqualTo("0.00009");
            assertThat(limit(client, "daily-cost").held()).isEqualTo("0");
            client.record(Call.of().subject("ada"), Usage.asHeld().cost(new BigDecimal("0.01")));
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> chat.prompt("Hi")
                            .advisors(advisor -> advisor.param(QuotaryAdvisor.SUBJECT, "ada"))
                            .call()
                            .content());
            assertThat(model.calls).isEqualTo(2);
        });
    }

    @Test
    void application_that_names_no_server_has_none_of_it_and_the_key_is_in_no_text() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(QuotaryAutoConfiguration.class))
                .run(context -> assertThat(context).doesNotHaveBean(QuotaryClient.class));
        application().withPropertyValues("quotary.key=qk_live_secret").run(context -> {
            assertThat(context).doesNotHaveBean(QuotaryAdvisor.class);
            assertThat(context.getBean(QuotaryProperties.class).toString()).doesNotContain("secret");
        });
    }
}
