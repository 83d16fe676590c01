package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.testkit.Seeds;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Damaged requests: refused, or read as a tree parser reads them. */
class RequestProperties {
    private static final byte[] NOISE = Gemini.bytes("{}[]\":,\\0123456789-.eE_xC nul");
    private static final String BODY =
            "{\"systemInstruction\":{\"parts\":[{\"text\":\"Be brief é😀\"}]},\"contents\":[{\"role\":\"user\","
                    + "\"parts\":[{\"text\":\"Hi\"},{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"iVBORw0KGgo=\"}}]}],"
                    + "\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\"}]}],\"generationConfig\":{\"maxOutputTokens\":2048,"
                    + "\"candidateCount\":2,\"stopSequences\":[\"x\"]},\"serviceTier\":\"flex\"}";

    @Test
    void damaged_requests_are_refused_or_read_as_a_tree_parser_reads_them() {
        var format = Gemini.format(Gemini.GENERATE);
        var head = RequestHead.post(Gemini.GENERATE);
        Seeds.forEach(30_000, random -> {
            // Given
            byte[] body = Gemini.bytes(BODY);
            for (int i = random.nextInt(4); i >= 0; i--) {
                body[random.nextInt(body.length)] =
                        random.nextInt(6) == 0 ? (byte) random.nextInt(256) : NOISE[random.nextInt(NOISE.length)];
            }

            // When
            var reading = format.readRequest(head, body);

            // Then
            switch (reading) {
                case Rejected rejected -> assertThat(rejected.message()).isNotBlank();
                case Parsed(var request) -> {
                    JsonNode tree = Gemini.tree(body);
                    assertThat(tree.has("contents")).isTrue();
                    var output = request.facts().output();
                    JsonNode cap = max(tree);
                    if (cap.isNumber() || cap.isTextual()) {
                        assertThat(output.perChoiceMax()).hasValue(cap.asLong());
                    } else {
                        assertThat(max(Gemini.tree(request.upstreamBody(OptionalLong.of(77))))
                                        .asLong())
                                .isEqualTo(77);
                    }
                }
            }
        });
    }

    private static JsonNode max(JsonNode body) {
        JsonNode config = body.has("generationConfig") ? body.path("generationConfig") : body.path("generation_config");
        return config.has("maxOutputTokens") ? config.path("maxOutputTokens") : config.path("max_output_tokens");
    }
}
