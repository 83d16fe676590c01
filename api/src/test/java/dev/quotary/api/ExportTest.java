package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Recorded events as files, over HTTP. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
class ExportTest extends ServerTest {
    private static final String NOVEMBER = "/api/v1/usage/export?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z";
    private static final List<String> MANDATORY = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingAccountName",
            "BillingCurrency",
            "BillingPeriodStart",
            "BillingPeriodEnd",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargePeriodStart",
            "ChargePeriodEnd",
            "ContractedCost",
            "EffectiveCost",
            "InvoiceIssuerName",
            "ListCost",
            "PricingQuantity",
            "PricingUnit",
            "ProviderName",
            "PublisherName",
            "ServiceCategory",
            "ServiceName");

    private String first;
    private String second;

    @BeforeEach
    void events() {
        first = recorded("""
                {"id":"one","subject":"ada","time":"2026-11-20T10:30:00Z","provider":"openai","model":"gpt-4o-mini",
                 "feature":"chat, \\"short\\"","quantities":{"tokens.input":1000,"tokens.output":100},"metadata":{"a":"b"}}""");
        second = recorded("""
                {"id":"two","subject":"bob","time":"2026-11-20T10:40:00Z","cost":"0.5","quantities":{"ai_generation":2},
                 "outcome":"error","error_type":"timeout","latency_ms":70}""");
        recorded("""
                {"id":"three","subject":"ada","time":"2026-11-20T11:10:00Z","provider":"openai","model":"gpt-4o-mini",
                 "quantities":{"tokens.input":2000,"tokens.output":0}}""");
    }

    private String recorded(String body) {
        var answer = app.post(RECORDS, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.at("events/0/id");
    }

    private static List<Map<String, String>> table(String csv) {
        var lines = csv.split("\r\n", -1);
        var names = cells(lines[0]);
        var rows = new ArrayList<Map<String, String>>();
        for (int i = 1; i < lines.length - 1; i++) {
            var values = cells(lines[i]);
            assertThat(values).hasSameSizeAs(names);
            var row = new HashMap<String, String>();
            for (int column = 0; column < names.size(); column++) {
                row.put(names.get(column), values.get(column));
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<String> cells(String line) {
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append(line.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }

    @Test
    void csv_has_a_line_per_event_in_the_order_of_their_times() {
        // When
        var answer = app.get(NOVEMBER);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-disposition")).isEqualTo("attachment; filename=\"quotary-usage.csv\"");
        var rows = table(answer.body());
        assertThat(rows).extracting(row -> row.get("subject")).containsExactly("ada", "bob", "ada");
        assertThat(rows.getFirst())
                .containsEntry("id", first)
                .containsEntry("time", "2026-11-20T10:30:00Z")
                .containsEntry("feature", "chat, \"short\"")
                .containsEntry("requests", "1")
                .containsEntry("tokens.input", "1000")
                .containsEntry("bucket.output", "100")
                .containsEntry("cost", "0.00021")
                .containsEntry("provider_cost", "0.00021")
                .containsEntry("metadata", "{\"a\":\"b\"}");
        assertThat(rows.get(1))
                .containsEntry("quantities", "{\"ai_generation\":2}")
                .containsEntry("cost", "0.5")
                .containsEntry("cost_basis", "named")
                .containsEntry("outcome", "error")
                .containsEntry("error_type", "timeout");
    }

    @Test
    void json_lines_are_events_as_the_api_shows_them() {
        // When
        var lines = app.get(NOVEMBER + "&format=jsonl").body().split("\n");
        // Then
        assertThat(lines).hasSize(3);
        assertThat(lines[1]).isEqualTo(app.get("/api/v1/usage/events/" + second).body());
    }

    @Test
    void file_is_gone_on_with_behind_the_last_event_that_came() {
        // Given
        var whole = app.get(NOVEMBER).body();
        // When
        var rest = app.get(NOVEMBER + "&after=" + second).body();
        // Then
        assertThat(rest).isEqualTo(whole.substring(whole.lastIndexOf("evt_")));
    }

    @Test
    void events_of_one_instant_are_told_apart_when_it_is_gone_on() {
        // Given
        var ids = IntStream.range(0, 1_203)
                .mapToObj(
                        i -> "{\"id\":\"same-" + i
                                + "\",\"subject\":\"eve\",\"time\":\"2026-11-21T00:00:00Z\",\"quantities\":{\"ai_generation\":1}}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(app.post(RECORDS, ids).status()).isEqualTo(200);
        var whole = table(app.get(NOVEMBER).body());
        var last = whole.get(700).get("id");
        // When
        var rest = app.get(NOVEMBER + "&after=" + last).body();
        // Then
        assertThat(whole).hasSize(1_206);
        assertThat(rest.split("\r\n"))
                .extracting(line -> line.substring(0, line.indexOf(',')))
                .containsExactlyElementsOf(
                        whole.stream().skip(701).map(row -> row.get("id")).toList());
    }

    @Test
    void costs_are_as_the_last_correction_says() {
        // Given
        admin.post(
                APPLY,
                "prices: [ { provider: openai, model: gpt-4o-mini, input: \"1\", output: \"1\", from: 2026-11-01T00:00:00Z } ]");
        var repriced = admin.post(
                "/api/v1/admin/reprice", "{\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-12-01T00:00:00Z\"}");
        assertThat(repriced.status()).as(repriced.body()).isEqualTo(200);
        // When
        var rows = table(app.get(NOVEMBER).body());
        // Then
        assertThat(rows.getFirst()).containsEntry("cost", "0.0011");
    }

    @Test
    void subject_gets_its_own_events_without_what_they_cost_the_operator() {
        // Given
        var ada = server.as(server.key(Role.SUBJECT, "acme", "ada"));
        // When
        var rows = table(ada.get(NOVEMBER).body());
        var others = ada.get(NOVEMBER + "&subject=bob");
        var behind = ada.get(NOVEMBER + "&after=" + second);
        var focus = ada.get(NOVEMBER + "&format=focus");
        // Then
        assertThat(rows).extracting(row -> row.get("subject")).containsExactly("ada", "ada");
        assertThat(rows.getFirst()).doesNotContainKey("provider_cost");
        assertThat(others.status()).isEqualTo(403);
        assertThat(behind.status()).isEqualTo(404);
        assertThat(focus.status()).isEqualTo(403);
    }

    @Test
    void focus_has_every_mandatory_column_and_exactly_what_the_events_cost() {
        // When
        var rows = table(app.get(NOVEMBER + "&format=focus&issuer=Acme+Cloud").body());
        // Then
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.keySet()).containsAll(MANDATORY))
                .allSatisfy(row -> assertThat(MANDATORY)
                        .filteredOn(column -> "".equals(row.get(column)))
                        .containsExactly("ChargeClass"));
        assertThat(rows)
                .extracting(row -> row.get("ChargePeriodStart") + " " + row.get("SubAccountId") + " "
                        + row.get("SkuMeter") + " " + row.get("PricingQuantity") + " " + row.get("PricingUnit") + " "
                        + row.get("BilledCost"))
                .containsExactly(
                        "2026-11-20T10:00:00Z ada input 1000 Tokens 0.00015",
                        "2026-11-20T10:00:00Z ada output 100 Tokens 0.00006",
                        "2026-11-20T10:00:00Z bob requests 0 Requests 0.5",
                        "2026-11-20T11:00:00Z ada input 2000 Tokens 0.0003");
        assertThat(rows.getFirst())
                .containsEntry("BillingAccountId", "acme")
                .containsEntry("BillingAccountName", "Acme Inc.")
                .containsEntry("BillingPeriodStart", "2026-10-31T23:00:00Z")
                .containsEntry("BillingPeriodEnd", "2026-11-30T23:00:00Z")
                .containsEntry("InvoiceIssuerName", "Acme Cloud")
                .containsEntry("ServiceCategory", "AI and Machine Learning")
                .containsEntry("SkuId", "openai/gpt-4o-mini")
                .containsEntry("x_Feature", "chat, \"short\"");
        assertThat(sum(rows, "BilledCost"))
                .isEqualByComparingTo(sum(table(app.get(NOVEMBER).body()), "cost"));
    }

    @Test
    void focus_tells_list_costs_without_discounts_and_rounding_loses_nothing() {
        // Given
        admin.post(
                APPLY,
                "organizations: [ { key: acme, name: Acme Inc., plan: free, prices: [ { provider: openai, model: \"*\", discount: \"33.3\" } ] } ]");
        for (int i = 0; i < 7; i++) {
            recorded("{\"id\":\"odd-" + i
                    + "\",\"subject\":\"ada\",\"time\":\"2026-11-21T00:00:00Z\",\"provider\":\"openai\",\"model\":\"gpt-4o-mini\","
                    + "\"quantities\":{\"tokens.input\":1,\"tokens.output\":1}}");
        }
        // When
        var rows = table(app.get(NOVEMBER + "&format=focus").body());
        // Then
        assertThat(sum(rows, "BilledCost"))
                .isEqualByComparingTo(sum(table(app.get(NOVEMBER).body()), "cost"));
    }

    private static BigDecimal sum(List<Map<String, String>> rows, String column) {
        return rows.stream().map(row -> new BigDecimal(row.get(column))).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void what_is_asked_for_wrongly_is_refused_before_a_file_begins() {
        // When / Then
        assertThat(app.get("/api/v1/usage/export?from=2026-11-01T00:00:00Z").status())
                .isEqualTo(400);
        assertThat(app.get("/api/v1/usage/export?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z")
                        .status())
                .isEqualTo(400);
        assertThat(app.get(NOVEMBER + "&format=xml").status()).isEqualTo(400);
        assertThat(app.get(NOVEMBER + "&after=evt_00000000000000000000000000000001")
                        .status())
                .isEqualTo(404);
        assertThat(app.get(NOVEMBER + "&format=focus&after=" + first).status()).isEqualTo(400);
        assertThat(app.get(NOVEMBER + "&model=gpt-5*&after=" + first).status()).isEqualTo(400);
        assertThat(app.get(NOVEMBER + "&model=gpt-4o*&after=" + first).status()).isEqualTo(200);
        assertThat(app.get("/api/v1/usage/export?from=2026-11-21T00:00:00Z&to=2026-12-01T00:00:00Z&after=" + first)
                        .status())
                .isEqualTo(400);
    }
}
