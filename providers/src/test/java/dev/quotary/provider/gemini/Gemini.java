package dev.quotary.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.Operation;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.text.Tokenizers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Calls of Gemini in tests. */
final class Gemini {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final GeminiApi API = new GeminiApi(new Tokenizers());
    static final String MODEL = "/v1beta/models/gemini-3.5-flash:";
    static final String GENERATE = MODEL + "generateContent";
    static final String ARRAY = MODEL + "streamGenerateContent";
    static final String SSE = ARRAY + "?alt=sse";

    private Gemini() {}

    static GeminiContext context() {
        var json = new Json();
        return new GeminiContext(json, new Tokenizers(), new GeminiErrors(json, false));
    }

    static WireFormat format(String target) {
        var head = RequestHead.post(target);
        if (API.operation("POST", head.path()) instanceof Operation.Metered(var format)) {
            return format;
        }
        throw new AssertionError(target + " is not metered");
    }

    static RequestReading read(String target, String body) {
        return format(target).readRequest(RequestHead.post(target), bytes(body));
    }

    static ProviderRequest parsed(String target, String body) {
        if (read(target, body) instanceof RequestReading.Parsed(var request)) {
            return request;
        }
        throw new AssertionError(read(target, body) + " for " + body);
    }

    /** A request whose prompt has these parts. */
    static String withParts(String parts) {
        return "{\"contents\":[{\"parts\":[" + parts + "]}]}";
    }

    /** A small request with one more member. */
    static String with(String member) {
        return "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]," + member + "}";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static JsonNode tree(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode sample(String name) {
        return tree(file(name + ".json"));
    }

    static byte[] file(String name) {
        try (InputStream in = Gemini.class.getResourceAsStream("/samples/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TokenUsage expectedUsage(JsonNode sample) {
        JsonNode usage = sample.path("expected_usage");
        var expected = TokenUsage.builder().reasoning(usage.path("reasoning").asLong());
        for (var component : Component.values()) {
            expected.set(component, usage.path(component.key()).asLong());
        }
        return expected.build();
    }

    /** What the client had got when the stream ended, and what was kept apart. */
    record Received(String now, String tail) {
        String all() {
            return now + tail;
        }
    }

    /** Feeds the stream cut at these places, in ascending order; each piece lies in an array of its own, with other bytes around it. */
    static Received feed(StreamRelay relay, byte[] stream, List<Integer> cuts) {
        var out = new ByteArrayOutputStream();
        int from = 0;
        for (int cut : IntStream.concat(cuts.stream().mapToInt(i -> i), IntStream.of(stream.length))
                .toArray()) {
            byte[] piece = new byte[cut - from + 5];
            System.arraycopy(stream, from, piece, 2, cut - from);
            out.writeBytes(relay.feed(piece, 2, cut - from).toByteArray());
            Arrays.fill(piece, (byte) '#');
            from = cut;
        }
        out.writeBytes(relay.finish().toByteArray());
        return new Received(text(out.toByteArray()), text(relay.tail().toByteArray()));
    }

    static List<Integer> randomCuts(RandomGenerator random, int length) {
        return random.ints(random.nextInt(12), 0, length + 1).sorted().boxed().toList();
    }
}
