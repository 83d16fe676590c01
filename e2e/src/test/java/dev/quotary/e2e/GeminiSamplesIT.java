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
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded exchanges with Gemini, passed through the gateway: the bytes of both sides, the usage, the cost to the last digit. */
@Timeout(60)
class GeminiSamplesIT {
    private static final String PLAIN = "27-gemini-thoughts-cache-tools";
    private static final String EVENTS = "28-gemini-stream-sse";
    private static final String ARRAY = "29-gemini-stream-json-array";
    private static final List<Header> JSON = List.of(new Header("content-type", "application/json; charset=UTF-8"));

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> to.hangUp());
        server = TestServer.start(
                directory,
                Setup.of(
                        provider.baseUrl(),
                        "{ key: tokens, meter: tokens, per: subject, window: month, max: 9000000 }"));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/gemini", ""})
    void plain_answer_passes_byte_for_byte_and_is_priced_exactly(String prefix) {
        // Given
        var sample = Sample.load(PLAIN);
        provider.answers(CannedProvider.whole(sample.status(), sample.answerHeaders(), sample.answer()));
        // When
        var answer = server.exchange(googleKey(prefix + sample.path(), sample.request()));
        // Then
        var asked = provider.taken();
        assertThat(asked.asked()).isEqualTo("POST " + sample.path());
        assertThat(asked.body()).isEqualTo(sample.request());
        assertThat(asked.header("x-goog-api-key")).hasValue(TestServer.PROVIDER_KEY);
        assertThat(asked.header("authorization")).isEmpty();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(sample.answer());
        assertThat(answer.header("X-Quotary-Cost")).hasValue(sample.cost());
        assertThat(answer.headers()).containsAll(sample.answerHeaders());
        assertRecorded(sample, answer);
    }

    @ParameterizedTest
    @CsvSource({
        EVENTS + ", WHOLE",
        EVENTS + ", SINGLE_BYTES",
        EVENTS + ", SEVENS",
        EVENTS + ", HALF_KILOBYTES",
        ARRAY + ", WHOLE",
        ARRAY + ", SINGLE_BYTES",
        ARRAY + ", SEVENS"
    })
    void streamed_answer_passes_byte_for_byte_and_is_priced_exactly(String id, Pieces cut) {
        // Given
        var sample = Sample.load(id);
        provider.answers(CannedProvider.stream(sample.answerHeaders(), cut.of(sample.answer())));
        var path = sample.path().replace("AIzaSyxxxx", server.serviceKey());
        var ask = path.contains("key=") ? Ask.post(path, sample.request()) : googleKey(path, sample.request());
        // When
        var answer = server.exchange(ask);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).isEqualTo(sample.answer());
        assertThat(answer.headers()).containsAll(sample.answerHeaders());
        var asked = provider.taken();
        assertThat(asked.body()).isEqualTo(sample.request());
        assertThat(asked.asked()).isEqualTo("POST " + sample.path().replace("?key=AIzaSyxxxx", ""));
        assertRecorded(sample, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?%s", "?alt=sse&%s", "?%s&alt=sse", "?alt=sse;%s"})
    void key_in_the_query_never_reaches_the_provider_however_it_is_written(String query) {
        // Given
        var sample = Sample.load(EVENTS);
        provider.answers(CannedProvider.stream(sample.answerHeaders(), List.of(sample.answer())));
        var path = sample.path().replaceFirst("\\?.*", "");
        // When
        for (var name : List.of("key", "%6Bey")) {
            server.exchange(Ask.post(path + query.formatted(name + "=" + server.serviceKey()), sample.request()));
            // Then
            assertThat(provider.taken().asked())
                    .doesNotContain(server.serviceKey())
                    .startsWith("POST " + path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EVENTS, ARRAY})
    void cut_stream_is_settled_with_its_last_totals_and_ended_so_that_it_can_be_read(String id) {
        // Given
        var sample = Sample.load(id);
        var recorded = text(sample.answer());
        int end = id.equals(ARRAY) ? recorded.indexOf("},\r\n") + 1 : recorded.indexOf("\r\n\r\n") + 4;
        var first = recorded.substring(0, end);
        var clientHasAll = new CountDownLatch(1);
        provider.answers((_, to) -> {
            to.begin(200, sample.answerHeaders());
            to.piece(Chat.bytes(first));
            to.await(clientHasAll);
            to.hangUp();
        });
        var path = sample.path().replaceFirst("\\?key=.*", "");
        // When
        try (var client = RawClient.connect(server.port())) {
            var head = client.send(googleKey(path, sample.request())).head();
            var received = text(client.chunks(first.length()));
            clientHasAll.countDown();
            var error = text(client.chunks(1));
            // Then
            assertThat(received).isEqualTo(first);
            assertThat(client.atEnd()).isTrue();
            var told =
                    id.equals(ARRAY) ? Api.json(received + error).get(1) : Api.json(error.substring("data: ".length()));
            assertThat(told.at("/error/code").asInt()).isEqualTo(502);
            assertThat(told.at("/error/status").asText()).isEqualTo("UNAVAILABLE");
            var event = server.event(head);
            assertThat(event.get("source").asText()).isEqualTo("partial");
            assertThat(event.get("outcome").asText()).isEqualTo("error");
            assertThat(event.at("/tokens/output").asLong()).isEqualTo(id.equals(ARRAY) ? 1 : 68);
        }
    }

    @Test
    void refusal_has_googles_shape_in_the_form_of_the_answer() {
        // Given
        var body =
                "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"generationConfig\":{\"maxOutputTokens\":9000001}}";
        // When
        var plain = server.exchange(googleKey("/v1beta/models/gemini-3.5-flash:generateContent", body));
        var events = server.exchange(googleKey("/v1/models/gemini-3.5-flash:streamGenerateContent?alt=sse", body));
        var array = server.exchange(googleKey("/v1beta/models/gemini-3.5-flash:streamGenerateContent", body));
        // Then
        for (var answer : List.of(plain, events, array)) {
            assertThat(answer.status()).isEqualTo(402);
            assertThat(answer.header("x-should-retry")).hasValue("false");
        }
        for (var error : List.of(
                Api.json(plain.text()),
                Api.json(events.text()),
                Api.json(array.text()).get(0))) {
            assertThat(error.at("/error/code").asInt()).isEqualTo(402);
            assertThat(error.at("/error/status").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(error.at("/error/message").asText()).contains("0 of 9000000 tokens used per month");
            assertThat(error.at("/error/details/0/reason").asText()).isEqualTo("QUOTARY_LIMIT_REACHED");
        }
        assertThat(provider.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/gemini/v1beta/interactions",
                "/v1beta/models/gemini-3.5-flash:batchGenerateContent",
                "/v1beta/cachedContents",
                "/gemini/v1beta/openai/chat/completions"
            })
    void call_that_cannot_be_metered_is_refused_with_its_reason(String path) {
        // When
        var refused = server.exchange(googleKey(path, "{}"));
        // Then
        assertThat(refused.status()).isEqualTo(501);
        var error = Api.json(refused.text()).get("error");
        assertThat(error.at("/details/0/reason").asText()).isEqualTo("NOT_METERABLE");
        assertThat(error.get("message").asText()).doesNotContain("It is not known what calls of this path cost.");
        assertThat(provider.calls()).isZero();
    }

    @Test
    void paths_without_a_prefix_belong_to_who_knows_them() {
        // Given
        provider.answers(CannedProvider.whole(200, JSON, Chat.bytes("{}")));
        // When
        var models = server.exchange(Ask.get("/v1/models").key(server.serviceKey()));
        var models2 = server.exchange(Ask.get("/v1beta/models").key(server.serviceKey()));
        var count = server.exchange(googleKey("/v1/models/gemini-3.5-flash:countTokens", "{\"contents\":[]}"));
        // Then
        assertThat(List.of(models.status(), models2.status(), count.status())).containsOnly(200);
        assertThat(provider.taken().header("authorization")).isPresent();
        assertThat(provider.taken().header("x-goog-api-key")).isPresent();
        assertThat(provider.taken().text()).isEqualTo("{\"contents\":[]}");
        assertThat(count.header("X-Quotary-Event")).isEmpty();
    }

    @Test
    void embeddings_are_metered_and_those_without_usage_estimated() {
        // Given
        provider.answers(CannedProvider.whole(
                200,
                JSON,
                Chat.bytes("{\"embedding\":{\"values\":[0.1]},\"usageMetadata\":{\"promptTokenCount\":40}}")));
        var content = "{\"content\":{\"parts\":[{\"text\":\"Hello world\"}]}}";
        // When
        var single = server.exchange(googleKey("/v1beta/models/gemini-embedding-001:embedContent", content));
        provider.answers(CannedProvider.whole(200, JSON, Chat.bytes("{\"embeddings\":[{\"values\":[0.1]}]}")));
        var batch = server.exchange(googleKey(
                "/v1beta/models/gemini-embedding-001:batchEmbedContents", "{\"requests\":[" + content + "]}"));
        // Then
        assertThat(single.header("X-Quotary-Cost")).hasValue("0.000006");
        assertThat(server.event(single).get("source").asText()).isEqualTo("provider");
        assertThat(server.event(batch).get("source").asText()).isEqualTo("estimate");
        // Two tokens of OpenAI's, by 1.35, and three around the content.
        assertThat(server.event(batch).at("/tokens/input").asLong()).isEqualTo(6);
    }

    @Test
    void raw_answer_can_be_reported_to_the_api() {
        // Given
        var sample = Sample.load(PLAIN);
        var reservation = "{\"id\":\"r1\",\"subject\":\"ada\",\"provider\":\"gemini\",\"model\":\"gemini-3.5-flash\"}";
        server.api().post("/api/v1/usage/reservations", reservation).expect(201);
        // When
        var committed = server.api()
                .post("/api/v1/usage/reservations/r1/commit", "{\"provider_response\":" + text(sample.answer()) + "}")
                .expect(200);
        // Then
        assertThat(committed.get("cost").asText()).isEqualTo(sample.cost());
        assertThat(committed.at("/quantities/tokens").asLong()).isEqualTo(4420);
    }

    private Ask googleKey(String path, String body) {
        return googleKey(path, Chat.bytes(body));
    }

    private Ask googleKey(String path, byte[] body) {
        return Ask.post(path, body).with("x-goog-api-key", server.serviceKey()).with("X-Quotary-Subject", "ada");
    }

    private void assertRecorded(Sample sample, Message answer) {
        var event = server.event(answer);
        assertThat(event.get("cost").asText()).isEqualTo(sample.cost());
        assertThat(event.get("source").asText())
                .isEqualTo(sample.usage().get("source").asText());
        assertThat(costLines(event)).isEqualTo(sample.costLines());
        assertThat(event.at("/receipt/total").asText()).isEqualTo(sample.cost());
        for (var part : List.of("input", "cached_input", "cache_write_5m", "cache_write_1h", "output", "reasoning")) {
            assertThat(event.get("tokens").get(part).asLong())
                    .as(part)
                    .isEqualTo(sample.usage().get(part).asLong());
        }
    }

    private static List<String> costLines(JsonNode event) {
        var lines = new ArrayList<String>();
        for (var line : event.at("/receipt/lines")) {
            lines.add(
                    line.get("component").asText() + " " + line.get("quantity").asText() + " x "
                            + line.get("unit_price").asText() + " = "
                            + line.get("amount").asText());
        }
        return lines;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
