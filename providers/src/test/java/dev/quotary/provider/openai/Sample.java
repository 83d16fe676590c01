package dev.quotary.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A recorded exchange with what must come of it. */
record Sample(String name, JsonNode exchange) {
    static final ObjectMapper MAPPER = new ObjectMapper();

    static Sample of(String name) {
        return new Sample(name, tree(file(name + ".json")));
    }

    static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] request() {
        return bytes(exchange.at("/request/body"));
    }

    byte[] answer() {
        return bytes(exchange.at("/response/body"));
    }

    byte[] stream() {
        return file(exchange.at("/response/stream_file").asText());
    }

    /** What the client must receive: the same as the provider sent unless the sample says otherwise. */
    byte[] clientStream() {
        return exchange.has("client_stream_file")
                ? file(exchange.path("client_stream_file").asText())
                : stream();
    }

    TokenUsage expectedUsage() {
        JsonNode usage = exchange.path("expected_usage");
        var expected = TokenUsage.builder().reasoning(usage.path("reasoning").asLong());
        for (var component : Component.values()) {
            expected.set(component, usage.path(component.key()).asLong());
        }
        // The samples call it by the name that Anthropic's answers have for it.
        return expected.set(
                        Component.WEB_SEARCHES,
                        usage.path("web_search_requests").asLong())
                .build();
    }

    String expectedTier() {
        return exchange.at("/expected_price/tier").asText();
    }

    OpenAiChat format() {
        return Requests.format(dialect());
    }

    private ChatDialect dialect() {
        return switch (exchange.path("provider").asText()) {
            case "openai" -> ChatDialect.OPENAI;
            case "xai" -> ChatDialect.XAI;
            default -> ChatDialect.COMPATIBLE;
        };
    }

    @Override
    public String toString() {
        return name;
    }

    static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] file(String name) {
        try (InputStream in = Sample.class.getResourceAsStream("/samples/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
