package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.RawHttp.Header;
import dev.quotary.e2e.RawHttp.Message;
import dev.quotary.e2e.TestServer.Setup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded exchanges with OpenAI, passed through the gateway: the bytes of both sides, the usage, the cost to the last digit. */
@Timeout(60)
class OpenAiSamplesIT {
    private static final String ASKING_FOR_USAGE = ",\"stream_options\":{\"include_usage\":true}";

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> to.hangUp());
        server = TestServer.start(directory, Setup.of(provider.baseUrl()));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-openai-chat-plain",
                "02-openai-chat-cached-reasoning",
                "03-openai-chat-cache-write",
                "17-openai-tier-priority",
                "18-openai-long-context"
            })
    void plain_answer_passes_byte_for_byte_and_is_priced_exactly(String id) {
        // Given
        var sample = Sample.load(id);
        provider.answers(CannedProvider.whole(sample.status(), sample.answerHeaders(), sample.answer()));
        // When
        var answer = server.exchange(ask(sample, "/openai" + sample.path()));
        // Then
        assertThat(provider.taken().body()).isEqualTo(sample.request());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(sample.answer());
        assertThat(answer.header("X-Quotary-Cost")).hasValue(sample.cost());
        assertThat(answer.headers()).containsAll(sample.answerHeaders());
        assertRecorded(sample, answer);
    }

    @ParameterizedTest
    @CsvSource({
        "04-openai-chat-stream-usage-requested, WHOLE",
        "04-openai-chat-stream-usage-requested, SEVENS",
        "05-openai-chat-stream-usage-injected, WHOLE",
        "05-openai-chat-stream-usage-injected, SINGLE_BYTES",
        "05-openai-chat-stream-usage-injected, SEVENS",
        "05-openai-chat-stream-usage-injected, HALF_KILOBYTES",
        "06-openai-chat-stream-tool-call, WHOLE",
        "06-openai-chat-stream-tool-call, SINGLE_BYTES"
    })
    void streamed_answer_is_what_the_client_asked_for_and_is_priced_exactly(String id, Pieces cut) {
        // Given
        var sample = Sample.load(id);
        provider.answers(CannedProvider.stream(sample.answerHeaders(), cut.of(sample.answer())));
        // When
        var answer = server.exchange(ask(sample, sample.path()));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(text(answer.body())).isEqualTo(text(sample.clientAnswer()));
        assertThat(answer.headers()).containsAll(sample.answerHeaders());
        assertRecorded(sample, answer);
    }

    @Test
    void usage_is_asked_for_on_behalf_of_a_streaming_client_and_nothing_else_changes() {
        // Given
        var sample = Sample.load("05-openai-chat-stream-usage-injected");
        provider.answers(CannedProvider.stream(sample.answerHeaders(), List.of(sample.answer())));
        // When
        server.exchange(ask(sample, sample.path()));
        // Then
        var upstream = text(provider.taken().body());
        assertThat(Api.json(upstream)).isEqualTo(sample.root().get("upstream_request_body"));
        assertThat(upstream).containsOnlyOnce(ASKING_FOR_USAGE);
        assertThat(upstream.replace(ASKING_FOR_USAGE, "")).isEqualTo(text(sample.request()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"04-openai-chat-stream-usage-requested", "06-openai-chat-stream-tool-call"})
    void request_of_a_client_that_asks_for_usage_itself_is_not_touched(String id) {
        // Given
        var sample = Sample.load(id);
        provider.answers(CannedProvider.stream(sample.answerHeaders(), List.of(sample.answer())));
        // When
        server.exchange(ask(sample, sample.path()));
        // Then
        assertThat(provider.taken().body()).isEqualTo(sample.request());
    }

    @ParameterizedTest
    @EnumSource(Pieces.class)
    void tool_call_stream_of_a_client_that_did_not_ask_comes_without_usage(Pieces cut) {
        // Given
        var sample = Sample.load("06-openai-chat-stream-tool-call");
        provider.answers(CannedProvider.stream(sample.answerHeaders(), cut.of(sample.answer())));
        var body = text(sample.request()).replaceFirst(",\\s*\"stream_options\"[^}]*}", "");
        // When
        var answer = server.exchange(ask(sample.path(), body.getBytes(StandardCharsets.UTF_8)));
        // Then
        var asked = provider.taken();
        assertThat(text(asked.body()).replace(ASKING_FOR_USAGE, "")).isEqualTo(body);
        var stripped = text(sample.answer())
                .replaceAll("data: [^\n]*\"choices\":\\[][^\n]*\n\n", "")
                .replace(",\"usage\":null", "");
        assertThat(text(answer.body())).isEqualTo(stripped);
        assertRecorded(sample, answer);
    }

    @Test
    void headers_pass_but_for_those_of_one_connection_and_those_that_are_ours() {
        // Given
        var sample = Sample.load("01-openai-chat-plain");
        provider.answers(CannedProvider.whole(200, sample.answerHeaders(), sample.answer()));
        var ask = ask(sample, sample.path())
                .with("OpenAI-Organization", "org-7")
                .with("X-Stainless-Retry-Count", "0")
                .with("User-Agent", "OpenAI/JS 7.57.0")
                .with("Accept-Encoding", "gzip, br")
                .with("Cookie", "session=1")
                .with("X-Quotary-Feature", "chat")
                .with("Connection", "keep-alive");
        // When
        server.exchange(ask);
        // Then
        var asked = provider.taken();
        assertThat(asked.asked()).isEqualTo("POST /v1/chat/completions");
        assertThat(asked.headers())
                .containsExactlyInAnyOrder(
                        new Header("OpenAI-Organization", "org-7"),
                        new Header("X-Stainless-Retry-Count", "0"),
                        new Header("User-Agent", "OpenAI/JS 7.57.0"),
                        new Header("Content-Type", "application/json"),
                        new Header("accept-encoding", "identity"),
                        new Header("authorization", "Bearer " + TestServer.PROVIDER_KEY),
                        new Header("host", provider.baseUrl().getAuthority()),
                        new Header("content-length", Integer.toString(sample.request().length)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cut_stream_is_estimated_and_told_to_the_client(boolean reset) {
        // Given
        var sample = Sample.load("07-openai-chat-stream-cut");
        var clientHasAll = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, sample.answerHeaders());
            to.piece(sample.answer());
            to.await(clientHasAll);
            if (reset) {
                to.reset();
            } else {
                to.hangUp();
            }
        });
        // When
        try (var client = RawClient.connect(server.port())) {
            var head = client.send(ask(sample, sample.path())).head();
            var received = client.chunks(sample.answer().length);
            clientHasAll.countDown();
            var error = client.chunks(1);
            // Then
            assertThat(text(received)).isEqualTo(text(sample.answer()));
            assertThat(client.atEnd()).isTrue();
            assertErrorEvent(text(error));
            assertRecorded(sample, head);
            var event = server.event(head);
            assertThat(event.get("outcome").asText()).isEqualTo("error");
            assertThat(event.get("error_type").asText()).isEqualTo("provider_broke_off");
        }
    }

    /** The shape of sample 43: without the error object the SDKs end their loop as if the answer were complete. */
    private static void assertErrorEvent(String event) {
        var recorded = text(Sample.resource("43-gateway-openai-cut-midstream.sse"));
        var expected = Api.json(recorded.substring(recorded.lastIndexOf("data: ") + "data: ".length()));
        assertThat(event).startsWith("data: ").endsWith("\n\n");
        var told = Api.json(event.substring("data: ".length()));
        assertThat(names(told)).isEqualTo(names(expected));
        assertThat(names(told.get("error"))).isEqualTo(names(expected.get("error")));
        assertThat(told.at("/error/type").asText()).isEqualTo("server_error");
        assertThat(told.at("/error/code").asText()).isEqualTo("provider_failed");
        assertThat(told.at("/error/param").isNull()).isTrue();
    }

    private Ask ask(Sample sample, String path) {
        return ask(path, sample.request());
    }

    private Ask ask(String path, byte[] body) {
        return Ask.post(path, body).key(server.serviceKey());
    }

    private void assertRecorded(Sample sample, Message answer) {
        Recorded.assertAs(sample, server.event(answer));
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
