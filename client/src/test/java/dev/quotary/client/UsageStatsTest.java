package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.client.FakeServer.Reply;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageStatsTest {
    private static final String ANSWER = """
            {"organization":"acme","meters":["cost","latency_ms"],"from":"2026-11-01T00:00:00Z","to":"2026-11-03T00:00:00Z",
             "granularity":"day","time_zone":"UTC","group_by":["model"],"previous":null,"series":[
               {"group":{"model":"gpt-4o"},"other":false,
                "total":{"cost":"1.25","latency_ms":{"value":"12.5","sum":25,"count":2}},
                "points":[{"start":"2026-11-01T00:00:00Z","end":"2026-11-02T00:00:00Z","values":{"cost":"1.25","latency_ms":null}}]},
               {"group":{"model":""},"other":true,"total":{"cost":"0","latency_ms":null}}]}""";

    @Test
    void query_is_asked_as_it_is_named_and_its_answer_read() {
        try (var server = FakeServer.answering(asked -> Reply.of(200, ANSWER));
                var client = QuotaryClient.builder(server.url(), "k").build()) {
            // When
            var stats = client.usage(UsageQuery.of("cost", "latency_ms")
                    .from(Instant.parse("2026-11-01T00:00:00Z"))
                    .to(Instant.parse("2026-11-03T00:00:00Z"))
                    .granularity("day")
                    .groupBy("model")
                    .top(1)
                    .timeZone(ZoneId.of("Europe/Berlin"))
                    .subject("ada & co")
                    .where("provider", "openai")
                    .whereOwn("team", "red"));
            // Then
            assertThat(URLDecoder.decode(server.asked().get(0).path(), StandardCharsets.UTF_8))
                    .isEqualTo(
                            "/api/v1/usage/query?meter=cost,latency_ms&from=2026-11-01T00:00:00Z&to=2026-11-03T00:00:00Z"
                                    + "&granularity=day&group_by=model&top=1&time_zone=Europe/Berlin&subject=ada & co&provider=openai"
                                    + "&filter[team]=red");
            assertThat(server.asked().get(0).path()).contains("subject=ada%20%26%20co");
            assertThat(stats.organization()).isEqualTo("acme");
            var first = stats.series().get(0);
            assertThat(first.group()).isEqualTo(Map.of("model", "gpt-4o"));
            assertThat(first.total())
                    .isEqualTo(Map.of("cost", new BigDecimal("1.25"), "latency_ms", new BigDecimal("12.5")));
            assertThat(first.points())
                    .isEqualTo(List.of(new UsageStats.Point(
                            Instant.parse("2026-11-01T00:00:00Z"),
                            Instant.parse("2026-11-02T00:00:00Z"),
                            Map.of("cost", new BigDecimal("1.25")))));
            var rest = stats.series().get(1);
            assertThat(rest.other()).isTrue();
            assertThat(rest.total()).isEqualTo(Map.of("cost", BigDecimal.ZERO));
            assertThat(rest.points()).isEmpty();
        }
    }

    @Test
    void refused_query_is_told() {
        try (var server = FakeServer.answering(asked -> Reply.problem(400, "INVALID_REQUEST", ""));
                var client = QuotaryClient.builder(server.url(), "k").build()) {
            // When, Then
            assertThatExceptionOfType(RequestRefusedException.class)
                    .isThrownBy(() -> client.usage(UsageQuery.of("nothing")))
                    .satisfies(refused -> assertThat(refused.status()).isEqualTo(400));
        }
    }
}
