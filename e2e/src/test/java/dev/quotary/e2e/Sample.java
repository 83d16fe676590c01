package dev.quotary.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quotary.e2e.RawHttp.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A recorded exchange with a provider, and what must come of it. */
record Sample(String id, JsonNode root) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Sample load(String id) {
        try {
            return new Sample(id, JSON.readTree(resource(id + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the client sends: indented, so that a body that was parsed and written anew would differ. */
    byte[] request() {
        return indented(root.at("/request/body"));
    }

    String path() {
        return root.at("/request/path").asText();
    }

    boolean streamed() {
        return root.at("/response").has("stream_file");
    }

    int status() {
        return root.at("/response/status").asInt();
    }

    List<Header> answerHeaders() {
        var headers = new ArrayList<Header>();
        root.at("/response/headers")
                .properties()
                .forEach(entry ->
                        headers.add(new Header(entry.getKey(), entry.getValue().asText())));
        return headers;
    }

    /** What the provider answers. */
    byte[] answer() {
        return streamed() ? resource(root.at("/response/stream_file").asText()) : indented(root.at("/response/body"));
    }

    /** What the client must get. */
    byte[] clientAnswer() {
        return root.has("client_stream_file")
                ? resource(root.get("client_stream_file").asText())
                : answer();
    }

    JsonNode answerJson() {
        return root.at("/response/body");
    }

    JsonNode usage() {
        return root.get("expected_usage");
    }

    String cost() {
        return root.get("expected_cost_usd").asText();
    }

    List<String> costLines() {
        var lines = new ArrayList<String>();
        for (var line : root.get("expected_cost_lines")) {
            lines.add(component(line) + " " + line.get("quantity").asText() + " x "
                    + line.get("unit_price_usd").asText() + " = "
                    + line.get("usd").asText());
        }
        return lines;
    }

    /** The samples call searches by the name that one provider has for them. */
    private static String component(JsonNode line) {
        return line.get("component").asText().replace("web_search_requests", "web_searches");
    }

    static byte[] resource(String name) {
        try (var stream = Sample.class.getResourceAsStream("/samples/" + name)) {
            if (stream == null) {
                throw new AssertionError("no sample " + name);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] indented(JsonNode node) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
