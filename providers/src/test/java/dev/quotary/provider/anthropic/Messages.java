package dev.quotary.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** Requests, answers and recorded exchanges for tests. */
final class Messages {
    static final RequestHead HEAD = RequestHead.post("/v1/messages");
    static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));
    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Tokenizers TOKENIZERS = new Tokenizers();
    static final AnthropicMessages FORMAT = new AnthropicMessages(TOKENIZERS, NOON);
    static final AnthropicApi API = new AnthropicApi(TOKENIZERS, NOON);

    private Messages() {}

    static MessagesContext context() {
        var json = new Json();
        return new MessagesContext(json, new MessagesEstimating(json, TOKENIZERS), new AnthropicErrors(json, NOON));
    }

    static MessageStreamRelay relay() {
        return new MessageStreamRelay(context(), MessageStreamRelay.EVENT_BYTES_MAX);
    }

    static RequestReading read(String body) {
        return FORMAT.readRequest(HEAD, bytes(body));
    }

    static ProviderRequest parsed(byte[] body) {
        return switch (FORMAT.readRequest(HEAD, body)) {
            case Parsed(ProviderRequest request) -> request;
            case Rejected rejected ->
                throw new AssertionError(rejected + " for " + new String(body, StandardCharsets.UTF_8));
        };
    }

    static RequestFacts facts(String body) {
        return parsed(bytes(body)).facts();
    }

    /** A valid request with more members, each with a comma before it. */
    static String with(String members) {
        return request("claude-opus-5", "[{\"role\":\"user\",\"content\":\"Hi\"}]", members);
    }

    static String request(String model, String messages, String members) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":100,\"messages\":" + messages + members + "}";
    }

    /** An answer with this usage. */
    static String answer(String usage) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-opus-5\",\"content\":"
                + "[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"usage\":" + usage + "}";
    }

    static AnswerFacts read(byte[] answer) {
        return FORMAT.readAnswer(answer);
    }

    static JsonNode sample(String name) {
        return tree(file(name + ".json"));
    }

    static byte[] stream(JsonNode sample) {
        return file(sample.at("/response/stream_file").asText());
    }

    static byte[] request(JsonNode sample) {
        return bytes(sample.at("/request/body").toString());
    }

    static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] file(String name) {
        try (InputStream in = Messages.class.getResourceAsStream("/samples/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
