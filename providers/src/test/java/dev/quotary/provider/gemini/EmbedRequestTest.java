package dev.quotary.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbedRequestTest {
    private static final String SINGLE = "/v1beta/models/gemini-embedding-001:embedContent";
    private static final String BATCH = "/v1beta/models/gemini-embedding-001:batchEmbedContents";
    private static final String REQUEST =
            "{\"model\":\"models/gemini-embedding-001\",\"content\":{\"parts\":[{\"text\":\"Hello\"}]}}";

    @Test
    void single_request_is_bounded_by_its_text() {
        // When
        var request = Gemini.parsed(SINGLE, REQUEST);

        // Then
        assertThat(request.facts().model()).isEqualTo("gemini-embedding-001");
        assertThat(request.facts().streaming()).isEqualTo(Streaming.OFF);
        assertThat(request.facts().input()).isEqualTo(new InputBound(5, 0, 32 + 8, 1));
        assertThat(Gemini.text(request.upstreamBody(OptionalLong.of(1)))).isEqualTo(REQUEST);
    }

    @Test
    void batch_adds_up_and_is_estimated_where_nothing_is_told() {
        // Given
        var request = Gemini.parsed(BATCH, "{\"requests\":[" + REQUEST + "," + REQUEST + "]}");

        // When
        var estimate = request.estimator().estimate(OutputText.NONE);

        // Then: a token each, by 1.35, and 3 for each content
        assertThat(request.facts().input()).isEqualTo(new InputBound(10, 0, 32 + 16, 2));
        assertThat(estimate.tokens()).isEqualTo(TokenUsage.of(3 + 6, 0));
        assertThat(estimate.tokens().totalInput())
                .isLessThan(request.facts().input().tokensMax());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'requests':[{'model':'models/other','content':{'parts':[{'text':'a'}]}}]}",
                "{'requests':[{'content':{'parts':[{'text':'a'}]}},{'model':'x','content':{'parts':[]}}]}",
                "{'requests':[{'content':{'parts':[{'inlineData':{'mimeType':'video/mp4','data':'AA'}}]}}]}",
                "{'requests':[{'content':{'parts':[{'fileData':{'fileUri':'f'}}]}}]}",
                "{'requests':[]}",
                "{'requests':{}}",
                "{'requests':[1]}",
                "{}",
                "[]",
                ""
            })
    void batch_that_cannot_be_bounded_is_refused(String body) {
        assertThat(Gemini.read(BATCH, body.replace('\'', '"'))).isInstanceOf(Rejected.class);
    }

    @Test
    void other_model_is_asked_only_where_the_body_does_not_name_one() {
        // Given
        var named = Gemini.parsed(SINGLE, REQUEST);
        var unnamed = Gemini.parsed(SINGLE, "{\"content\":{\"parts\":[{\"text\":\"a\"}]}}");

        // When
        var other = unnamed.forModel("gemini-embedding-2");

        // Then
        assertThat(((Parsed) other).request().target()).isEqualTo("/v1beta/models/gemini-embedding-2:embedContent");
        assertThat(named.forModel("gemini-embedding-2")).isInstanceOf(Rejected.class);
    }
}
