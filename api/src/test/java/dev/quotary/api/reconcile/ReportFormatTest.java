package dev.quotary.api.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportFormatTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    private static List<ReportRow> read(ReportFormat format, String report) {
        return format.read(Documents.json(report));
    }

    @Test
    void use_at_openai_is_read_with_its_requests() {
        // When
        var rows = read(ReportFormat.OPENAI_USAGE, """
                {"object":"page","has_more":false,"next_page":null,"data":[{"object":"bucket","start_time":1795132800,"end_time":1795219200,
                 "results":[{"object":"organization.usage.completions.result","input_tokens":1000,"output_tokens":500,
                   "input_cached_tokens":800,"num_model_requests":5,"project_id":null,"model":"gpt-5.6-sol","batch":false}]}]}""");
        // Then
        assertThat(rows)
                .containsExactly(new ReportRow(
                        DAY,
                        "gpt-5.6-sol",
                        Optional.of(new ReportRow.Counts(Optional.of(5L), 1_000, 500)),
                        Optional.empty()));
    }

    @Test
    void costs_at_openai_are_read_exactly_and_by_model() {
        // When
        var rows = read(ReportFormat.OPENAI_COSTS, """
                [{"data":[{"start_time":1795132800,"results":[
                   {"amount":{"value":0.060000000000000005,"currency":"usd"},"line_item":"gpt-5.6-sol, input","project_id":null},
                   {"amount":{"value":"1e-3","currency":"usd"},"line_item":"web search"}]}]}, {"data":[]}]""");
        // Then
        assertThat(rows).extracting(ReportRow::model).containsExactly("gpt-5.6-sol", "web search");
        assertThat(rows)
                .extracting(row -> row.cost().orElseThrow().stripTrailingZeros())
                .containsExactly(new BigDecimal("0.06000000000000").stripTrailingZeros(), new BigDecimal("0.001"));
    }

    @Test
    void use_at_anthropic_is_read_with_its_caches() {
        // When
        var rows = read(ReportFormat.ANTHROPIC_USAGE, """
                {"data":[{"starting_at":"2026-11-20T00:00:00Z","ending_at":"2026-11-21T00:00:00Z","results":[
                  {"uncached_input_tokens":1500,"cache_creation":{"ephemeral_1h_input_tokens":1000,"ephemeral_5m_input_tokens":500},
                   "cache_read_input_tokens":200,"output_tokens":500,"server_tool_use":{"web_search_requests":10},
                   "model":"claude-haiku-5-5","service_tier":"standard"}]}],"has_more":false,"next_page":null}""");
        // Then
        assertThat(rows)
                .containsExactly(new ReportRow(
                        DAY,
                        "claude-haiku-5-5",
                        Optional.of(new ReportRow.Counts(Optional.empty(), 3_200, 500)),
                        Optional.empty()));
    }

    @Test
    void costs_at_anthropic_are_cents() {
        // When
        var rows = read(ReportFormat.ANTHROPIC_COSTS, """
                {"data":[{"starting_at":"2026-11-20T00:00:00Z","results":[
                  {"currency":"USD","amount":"123.78912","description":"…","model":"claude-haiku-5-5"}]}]}""");
        // Then
        assertThat(rows.getFirst().cost().orElseThrow()).isEqualByComparingTo("1.2378912");
    }

    @Test
    void what_is_no_report_is_refused_with_its_place() {
        assertThatThrownBy(() -> read(ReportFormat.OPENAI_USAGE, "{\"data\":[{\"start_time\":\"x\",\"results\":[]}]}"))
                .isInstanceOfSatisfying(
                        InvalidInputException.class,
                        e -> assertThat(e.pointer()).isEqualTo("/data/0/start_time"));
        assertThatThrownBy(
                        () -> read(
                                ReportFormat.OPENAI_COSTS,
                                "{\"data\":[{\"start_time\":1,\"results\":[{\"amount\":{\"value\":1,\"currency\":\"eur\"}}]}]}"))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(
                        () -> read(
                                ReportFormat.OPENAI_COSTS,
                                "{\"data\":[{\"start_time\":1,\"results\":[{\"amount\":{\"value\":\"1e999999999\",\"currency\":\"usd\"}}]}]}"))
                .isInstanceOf(InvalidInputException.class);
    }
}
