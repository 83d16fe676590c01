package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a usage event must say of a recorded exchange. */
final class Recorded {
    private static final List<String> TOKENS =
            List.of("input", "cached_input", "cache_write_5m", "cache_write_1h", "output", "reasoning");

    private Recorded() {}

    static void assertAs(Sample sample, JsonNode event) {
        assertThat(event.get("cost").asText()).isEqualTo(sample.cost());
        assertThat(event.get("source").asText()).isEqualTo(source(sample));
        assertThat(costLines(event)).isEqualTo(sample.costLines());
        assertThat(event.at("/receipt/total").asText()).isEqualTo(sample.cost());
        for (var part : TOKENS) {
            assertThat(event.get("tokens").get(part).asLong())
                    .as(part)
                    .isEqualTo(sample.usage().get(part).asLong());
        }
        assertFee(sample, "web_search_requests", event, "web_searches");
        assertFee(sample, "audio_seconds", event, "audio_seconds");
    }

    /** Of a call that was not billed the provider said so. */
    private static String source(Sample sample) {
        var source = sample.usage().get("source").asText();
        return source.equals("none") ? "provider" : source;
    }

    private static void assertFee(Sample sample, String expected, JsonNode event, String fee) {
        assertThat(event.at("/fees/" + fee).asLong())
                .isEqualTo(sample.usage().path(expected).asLong());
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
}
