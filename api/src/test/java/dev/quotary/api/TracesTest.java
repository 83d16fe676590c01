package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TracesTest extends ServerTest {
    private static final String TRACES = "/api/v1/otlp/v1/traces";
    private static final String TRACE = "5b8efff798038103d269b633813fc60c";

    private static String attribute(String name, String value) {
        return "{\"key\":\"" + name + "\",\"value\":" + value + "}";
    }

    private static String text(String name, String value) {
        return attribute(name, "{\"stringValue\":\"" + value + "\"}");
    }

    private static String number(String name, long value) {
        return attribute(name, "{\"intValue\":\"" + value + "\"}");
    }

    private static String span(String id, String... attributes) {
        return "{\"traceId\":\"" + TRACE + "\",\"spanId\":\"" + id + "\",\"name\":\"chat\",\"kind\":3,"
                + "\"startTimeUnixNano\":\"1795338000000000000\",\"endTimeUnixNano\":\"1795338001250000000\",\"attributes\":["
                + String.join(",", attributes) + "]}";
    }

    private static String request(String... spans) {
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[" + text("service.name", "writer")
                + "]},\"scopeSpans\":[{\"scope\":{\"name\":\"s\"},\"spans\":[" + String.join(",", spans) + "]}]}]}";
    }

    private static String chat(String id) {
        return span(
                id,
                text("gen_ai.operation.name", "chat"),
                text("gen_ai.provider.name", "openai"),
                text("gen_ai.request.model", "gpt-4o-mini"),
                text("user.id", "u"),
                text("gen_ai.conversation.id", "c-1"),
                number("gen_ai.usage.input_tokens", 1000),
                number("gen_ai.usage.cache_read.input_tokens", 400),
                number("gen_ai.usage.output_tokens", 100),
                attribute("gen_ai.input.messages", "{\"arrayValue\":{\"values\":[]}}"));
    }

    private ApiClient.Answer event(String query) {
        var events = app.get(
                "/api/v1/usage/events/" + EventId.named(new OrganizationKey("acme"), "otlp", TRACE + "-" + query));
        assertThat(events.status()).as(events.body()).isEqualTo(200);
        return events;
    }

    @Test
    void call_of_a_model_becomes_usage_with_its_cached_tokens_apart_and_its_cost() {
        // When
        var answer = app.post(TRACES, request(chat("eee19b7ec3c1b174")));
        // Then
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{}");
        var event = event("eee19b7ec3c1b174");
        assertThat(event.at("time")).isEqualTo("2026-11-22T09:00:00Z");
        assertThat(event.at("subject")).isEqualTo("u");
        assertThat(event.at("provider")).isEqualTo("openai");
        assertThat(event.at("model")).isEqualTo("gpt-4o-mini");
        assertThat(event.at("feature")).isEqualTo("writer");
        assertThat(event.at("session")).isEqualTo("c-1");
        assertThat(event.at("latency_ms")).isEqualTo("1250");
        assertThat(event.at("quantities/tokens.input")).isEqualTo("1000");
        assertThat(event.at("quantities/tokens.output")).isEqualTo("100");
        assertThat(event.at("quantities/requests")).isEqualTo("1");
        assertThat(event.at("tokens/input")).isEqualTo("600");
        assertThat(event.at("tokens/cached_input")).isEqualTo("400");
        // 600 at $0.15, 400 at $0.075, 100 at $0.60 per million.
        assertThat(event.at("cost")).isEqualTo("0.00018");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("1100");
    }

    @Test
    void span_sent_again_counts_once() {
        // Given
        app.post(TRACES, request(chat("eee19b7ec3c1b174")));
        // When
        var again = app.post(TRACES, request(chat("EEE19B7EC3C1B174"), chat("0000000000000001")));
        // Then
        assertThat(again.status()).isEqualTo(200);
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("2200");
    }

    @Test
    void agents_tools_and_everything_else_is_passed_over() {
        // When
        var answer = app.post(
                TRACES,
                request(
                        chat("0000000000000001").replace("\"chat\"}", "\"invoke_agent\"}"),
                        chat("0000000000000002").replace("\"chat\"}", "\"execute_tool\"}"),
                        span("0000000000000003", text("http.request.method", "GET"))));
        // Then
        assertThat(answer.body()).isEqualTo("{}");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gen_ai.provider.name                  | gen_ai.system
            gen_ai.usage.input_tokens             | gen_ai.usage.prompt_tokens
            gen_ai.usage.output_tokens            | gen_ai.usage.completion_tokens
            gen_ai.usage.cache_read.input_tokens  | gen_ai.usage.cache_read_input_tokens
            gen_ai.request.model                  | gen_ai.response.model
            user.id                               | enduser.id
            """)
    void older_and_other_names_mean_the_same(String name, String other) {
        // When
        app.post(TRACES, request(chat("0000000000000001").replace(name, other)));
        // Then
        assertThat(event("0000000000000001").at("cost")).isEqualTo("0.00018");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("1100");
    }

    @Test
    void span_that_cannot_be_counted_is_told_and_the_others_are_recorded() {
        // When
        var answer = app.post(
                TRACES,
                request(
                        chat("0000000000000001").replace("\"1000\"", "\"-1\""),
                        chat("0000000000000002"),
                        chat("0000000000000003").replace("1795338000000000000", "1895338000000000000")));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("partialSuccess/rejectedSpans")).isEqualTo("2");
        assertThat(answer.at("partialSuccess/errorMessage"))
                .contains("0000000000000001")
                .contains("-1");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("1100");
    }

    @Test
    void failed_call_is_recorded_as_failed() {
        // When
        app.post(
                TRACES,
                request(chat("0000000000000001")
                        .replace("\"kind\":3", "\"kind\":3,\"status\":{\"code\":2}")
                        .replace("\"attributes\":[", "\"attributes\":[" + text("error.type", "timeout") + ",")));
        // Then
        assertThat(event("0000000000000001").at("outcome")).isEqualTo("error");
        assertThat(event("0000000000000001").at("error_type")).isEqualTo("timeout");
    }

    /** A message of protobuf, field by field. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        Message bytes(int field, byte[] bytes) {
            varint((long) field << 3 | 2);
            varint(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message inner) {
            return bytes(field, inner.out.toByteArray());
        }

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message fixed(int field, long value) {
            varint((long) field << 3 | 1);
            for (int i = 0; i < 8; i++) {
                out.write((int) (value >>> (8 * i)) & 0xff);
            }
            return this;
        }

        Message attribute(int field, String name, String value) {
            return message(field, new Message().text(1, name).message(2, new Message().text(1, value)));
        }

        Message attribute(int field, String name, long value) {
            return message(field, new Message().text(1, name).message(2, new Message().number(3, value)));
        }
    }

    private byte[] post(byte[] body, int status) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + TRACES))
                .header("Authorization", "Bearer " + server.serviceKey())
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(status);
        return answer.body();
    }

    @Test
    void protobuf_says_the_same_as_json() throws Exception {
        // Given
        var span = new Message()
                .bytes(1, HexFormat.of().parseHex(TRACE))
                .bytes(2, HexFormat.of().parseHex("0000000000000001"))
                .text(5, "chat")
                .fixed(7, 1795338000000000000L)
                .fixed(8, 1795338001250000000L)
                .attribute(9, "gen_ai.operation.name", "chat")
                .attribute(9, "gen_ai.provider.name", "openai")
                .attribute(9, "gen_ai.request.model", "gpt-4o-mini")
                .attribute(9, "user.id", "u")
                .attribute(9, "gen_ai.conversation.id", "c-1")
                .attribute(9, "gen_ai.usage.input_tokens", 1000)
                .attribute(9, "gen_ai.usage.cache_read.input_tokens", 400)
                .attribute(9, "gen_ai.usage.output_tokens", 100)
                .number(16, 5);
        var resource = new Message().attribute(1, "service.name", "writer");
        var request =
                new Message().message(1, new Message().message(1, resource).message(2, new Message().message(2, span)));
        // When
        var answer = post(request.out.toByteArray(), 200);
        var json = app.post(TRACES, request(chat("0000000000000001")));
        // Then
        assertThat(answer).isEmpty();
        assertThat(event("0000000000000001").at("cost")).isEqualTo("0.00018");
        assertThat(json.status()).as("the same span, so a repeat").isEqualTo(200);
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("1100");
    }

    @Test
    void broken_protobuf_and_json_are_refused() throws Exception {
        // When
        var cut = new String(post(new byte[] {0x0a, 0x55, 0x01}, 400), StandardCharsets.UTF_8);
        var json = app.post(TRACES, "{\"resourceSpans\":[{\"scopeSpans\":7}]}");
        var badId = app.post(TRACES, request(chat("77")));
        var xml = app.with("Content-Type", "text/xml").post(TRACES, "{}");
        // Then
        assertThat(cut).contains("ExportTraceServiceRequest");
        assertThat(json.status()).isEqualTo(400);
        assertThat(json.at("pointer")).isEqualTo("/resourceSpans/0/scopeSpans");
        assertThat(badId.status()).isEqualTo(400);
        assertThat(xml.status()).isEqualTo(415);
    }
}
