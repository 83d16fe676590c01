package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import dev.quotary.e2e.TestServer.Setup;
import dev.quotary.testkit.FakeClock;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that tells totals in every chunk, as vLLM does when it is asked. */
@Timeout(60)
class GatewayTotalsIT {
    private static final String LIMIT = "{ key: tokens, meter: tokens, per: subject, window: day, max: 1000 }";

    @TempDir
    private Path directory;

    private CannedProvider provider;
    private TestServer server;

    @BeforeEach
    void start() {
        provider = CannedProvider.start((_, to) -> to.hangUp());
        var yaml = "providers: { vllm: { kind: openai, base_url: '" + provider.baseUrl()
                + "', prices: free, stream_usage: continuous } }";
        server = TestServer.configured(
                directory, new FakeClock(TestServer.NOW), Setup.of(provider.baseUrl(), LIMIT), yaml);
    }

    @AfterEach
    void stop() {
        server.close();
        provider.close();
    }

    private static String chunk(String text, String usage) {
        return "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"},\"finish_reason\":null}]" + usage + "}\n\n";
    }

    private static String totals(int output) {
        return ",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":" + output + ",\"total_tokens\":" + (7 + output)
                + "}";
    }

    private RawHttp.Message stream() {
        return server.exchange(Ask.post("/vllm/v1/chat/completions", Chat.STREAMED.replace("gpt-4o-mini", "m"))
                .key(server.serviceKey())
                .with("X-Quotary-Subject", "ada"));
    }

    @Test
    void stream_that_breaks_off_is_charged_by_its_last_total_which_the_client_does_not_see() {
        // Given
        provider.answers((_, to) -> {
            to.begin(200, Chat.EVENT_STREAM);
            to.piece(Chat.bytes(chunk("He", totals(1)) + chunk("llo", totals(2))));
            to.hangUp();
        });
        // When
        var answer = stream();
        // Then
        assertThat(provider.taken().text())
                .endsWith(",\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}}");
        assertThat(answer.text()).startsWith(chunk("He", "") + chunk("llo", "") + "data: {\"error\":");
        var event = server.event(answer);
        assertThat(event.get("source").asText()).isEqualTo("partial");
        assertThat(event.get("error_type").asText()).isEqualTo("provider_broke_off");
        assertThat(server.limit("ada", "tokens").get("used").asInt()).isEqualTo(9);
    }

    @Test
    void whole_stream_is_charged_once_by_its_last_usage() {
        // Given
        var last = "data: {\"model\":\"m\",\"choices\":[]" + totals(2) + "}\n\n";
        var pieces = List.of(
                Chat.bytes(chunk("He", totals(1))), Chat.bytes(chunk("llo", totals(2)) + last + "data: [DONE]\n\n"));
        provider.answers(CannedProvider.stream(Chat.EVENT_STREAM, pieces));
        // When
        var answer = stream();
        // Then
        assertThat(answer.text()).isEqualTo(chunk("He", "") + chunk("llo", "") + "data: [DONE]\n\n");
        assertThat(server.event(answer).get("source").asText()).isEqualTo("provider");
        assertThat(server.limit("ada", "tokens").get("used").asInt()).isEqualTo(9);
    }
}
