package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was used, over time and by group, over HTTP. The clock stands at 10:00 on Sunday 22 November 2026 in UTC, 11:00 in Berlin. */
class QueryTest extends ServerTest {
    private static final String QUERY = "/api/v1/usage/query";
    private static final String EVENTS = "/api/v1/usage/events";

    @BeforeEach
    void use() {
        record("ada", "2026-11-20T22:30:00Z", "gpt-4o", "chat", "\"cost\":\"0.25\",\"latency_ms\":100");
        record("ada", "2026-11-20T23:30:00Z", "gpt-4o", "chat", "\"cost\":\"0.50\",\"latency_ms\":200");
        record("bob", "2026-11-21T09:00:00Z", "gpt-4o-mini", "search", "\"cost\":\"0.125\",\"latency_ms\":50");
        record("bob", "2026-11-22T09:59:59Z", "claude", "chat", "\"cost\":\"1\",\"latency_ms\":1000");
    }

    private void record(String subject, String time, String model, String feature, String members) {
        var answer = app.post(
                RECORDS,
                "{\"subject\":\"" + subject + "\",\"time\":\"" + time + "\",\"provider\":\"local\",\"model\":\"" + model
                        + "\",\"feature\":\"" + feature + "\"," + members
                        + ",\"quantities\":{\"requests\":1,\"tokens.input\":10,\"tokens.output\":5}}");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void days_are_those_of_the_organization_and_have_no_gaps() {
        // When
        var answer = app.get(QUERY + "?from=2026-11-19&to=2026-11-23");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("time_zone")).isEqualTo("Europe/Berlin");
        assertThat(answer.at("meters")).isEqualTo("[\"cost\"]");
        assertThat(answer.at("series/0/total/cost")).isEqualTo("1.875");
        assertThat(answer.at("series/0/points/0/start")).isEqualTo("2026-11-18T23:00:00Z");
        assertThat(costs(answer, 0)).containsExactly("0", "0.25", "0.625", "1");
        assertThat(answer.at("previous")).isEqualTo("null");
    }

    private static List<String> costs(ApiClient.Answer answer, int series) {
        return answer.json().fields().items("series").get(series).fields().items("points").stream()
                .map(point ->
                        point.fields().need("values").fields().need("cost").string())
                .toList();
    }

    @Test
    void groups_are_told_by_what_they_cost_and_the_rest_together() {
        // When
        var answer = app.get(
                QUERY
                        + "?from=2026-11-20&to=2026-11-23&granularity=total&group_by=model&top=2&meter=cost,requests,latency_ms");

        // Then
        assertThat(answer.at("series/0/group")).isEqualTo("{\"model\":\"claude\"}");
        assertThat(answer.at("series/0/total"))
                .isEqualTo(
                        "{\"cost\":\"1\",\"requests\":1,\"latency_ms\":{\"value\":\"1000\",\"sum\":1000,\"count\":1}}");
        assertThat(answer.at("series/1/group")).isEqualTo("{\"model\":\"gpt-4o\"}");
        assertThat(answer.at("series/1/total/latency_ms")).isEqualTo("{\"value\":\"150\",\"sum\":300,\"count\":2}");
        assertThat(answer.at("series/2/other")).isEqualTo("true");
        assertThat(answer.at("series/2/total/cost")).isEqualTo("0.125");
        assertThat(answer.json().fields().items("series")).hasSize(3);
    }

    @Test
    void filters_take_values_prefixes_and_several_of_them() {
        // When
        var prefix = app.get(QUERY + "?from=2026-11-20&to=2026-11-23&granularity=total&model=gpt-*&feature=chat");
        var several =
                app.get(QUERY + "?from=2026-11-20&to=2026-11-23&granularity=total&model=claude&model=gpt-4o-mini");

        // Then
        assertThat(prefix.at("series/0/total/cost")).isEqualTo("0.75");
        assertThat(several.at("series/0/total/cost")).isEqualTo("1.125");
    }

    @Test
    void day_before_is_told_beside_a_day() {
        // When
        var answer = app.get(QUERY + "?from=2026-11-21&to=2026-11-22&granularity=total&compare=previous");

        // Then
        assertThat(answer.at("series/0/total/cost")).isEqualTo("0.625");
        assertThat(answer.at("previous/from")).isEqualTo("2026-11-19T23:00:00Z");
        assertThat(answer.at("previous/series/0/total/cost")).isEqualTo("0.25");
    }

    @Test
    void csv_is_told_to_who_asks_for_it() {
        // When
        var answer = app.with("Accept", "text/csv")
                .get(QUERY + "?from=2026-11-22&to=2026-11-23&granularity=total&group_by=model&meter=cost,latency_ms");

        // Then
        assertThat(answer.header("content-type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(answer.body().split("\r\n", -1))
                .containsExactly(
                        "start,end,model,other,cost,latency_ms,latency_ms.sum,latency_ms.count",
                        "2026-11-21T23:00:00Z,2026-11-22T23:00:00Z,claude,false,1,1000,1000,1",
                        "");
    }

    @Test
    void subject_sees_its_own_use_alone() {
        // Given
        var ada = server.as(server.key(Role.SUBJECT, "acme", "ada"));

        // When
        var own = ada.get(QUERY + "?from=2026-11-20&to=2026-11-23&granularity=total");
        var other = ada.get(QUERY + "?from=2026-11-20&to=2026-11-23&granularity=total&subject=bob");
        var events = ada.get(EVENTS);

        // Then
        assertThat(own.at("series/0/total/cost")).isEqualTo("0.75");
        assertThat(other.at("series/0/total/cost")).isEqualTo("0");
        assertThat(events.json().fields().items("events")).hasSize(2);
        assertThat(events.body()).doesNotContain("bob", "provider_cost");
    }

    @Test
    void wrong_parameters_are_named() {
        for (var wrong : List.of(
                "granularity=year",
                "colour=red",
                "from=yesterday",
                "from=2026-11-22&to=2026-11-21",
                "meter=ai_generation",
                "meter=cost,ai_generation",
                "meter=nothing",
                "top=0",
                "time_zone=Atlantis",
                "group_by=model,model",
                "model=gp*t",
                "compare=next",
                "granularity=minute&from=2025-01-01&to=2026-01-01")) {
            // When
            var answer = app.get(QUERY + "?" + wrong);

            // Then
            assertThat(answer.status()).as(wrong).isEqualTo(400);
            assertThat(answer.at("code")).isEqualTo("INVALID_REQUEST");
        }
        assertThat(app.get(QUERY + "?meter=ai_generation").at("detail")).contains("ai_generation");
    }

    @Test
    void events_are_paged_from_the_newest_on() {
        // When
        var first = app.get(EVENTS + "?limit=3");
        var second = app.get(EVENTS + "?limit=3&cursor=" + first.at("next_cursor"));

        // Then
        assertThat(times(first))
                .containsExactly("2026-11-22T09:59:59Z", "2026-11-21T09:00:00Z", "2026-11-20T23:30:00Z");
        assertThat(times(second)).containsExactly("2026-11-20T22:30:00Z");
        assertThat(second.at("next_cursor")).isEqualTo("null");
        assertThat(app.get(EVENTS + "?cursor=" + first.at("next_cursor").substring(4))
                        .status())
                .isEqualTo(400);
    }

    private static List<String> times(ApiClient.Answer answer) {
        return answer.json().fields().items("events").stream()
                .map(event -> event.fields().need("time").string())
                .toList();
    }

    @Test
    void events_are_found_by_what_they_are() {
        // Given
        var id = app.get(EVENTS + "?subject=bob&model=claude").at("events/0/id");

        // When, Then
        assertThat(times(app.get(EVENTS + "?subject=bob"))).hasSize(2);
        assertThat(times(app.get(EVENTS + "?feature=search"))).containsExactly("2026-11-21T09:00:00Z");
        assertThat(times(app.get(EVENTS + "?outcome=error"))).isEmpty();
        assertThat(times(app.get(EVENTS + "?from=2026-11-21T09:00:00Z&to=2026-11-22T09:59:59Z")))
                .containsExactly("2026-11-21T09:00:00Z");
        assertThat(times(app.get(EVENTS + "?id=" + id))).containsExactly("2026-11-22T09:59:59Z");
        assertThat(times(app.get(EVENTS + "?id=" + id + "&subject=ada"))).isEmpty();
        assertThat(app.get(EVENTS + "/" + id).at("subject")).isEqualTo("bob");
    }

    @Test
    void summary_tells_the_last_days() {
        // When
        var answer = app.get("/api/v1/admin/summary?days=2");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("from")).isEqualTo("2026-11-20T23:00:00Z");
        assertThat(answer.at("totals/cost")).isEqualTo("1.625");
        assertThat(answer.at("totals/requests")).isEqualTo("3");
        assertThat(answer.at("totals/subjects")).isEqualTo("2");
        assertThat(answer.at("totals/tokens")).isEqualTo("45");
        assertThat(answer.at("totals/success_rate")).isEqualTo("{\"value\":\"1\",\"sum\":3,\"count\":3}");
        assertThat(answer.at("totals/latency_ms")).isEqualTo("{\"value\":\"416.666667\",\"sum\":1250,\"count\":3}");
        assertThat(answer.at("previous/cost")).isEqualTo("0.25");
        assertThat(answer.at("per_day/0/values/cost")).isEqualTo("0.625");
        assertThat(answer.at("per_day/1/values/cost")).isEqualTo("1");
        assertThat(answer.at("top_subjects/0/group/subject")).isEqualTo("bob");
        assertThat(answer.at("by_model/0/group")).isEqualTo("{\"provider\":\"local\",\"model\":\"claude\"}");
    }

    @Test
    void subjects_are_listed_by_what_they_cost_declared_or_not() {
        // When
        var first = app.get("/api/v1/admin/subjects?limit=2");
        var second = app.get("/api/v1/admin/subjects?limit=2&cursor=" + first.at("next_cursor"));

        // Then
        assertThat(keys(first)).containsExactly("bob", "ada");
        assertThat(first.at("subjects/0/cost")).isEqualTo("1.125");
        assertThat(first.at("subjects/0/requests")).isEqualTo("2");
        assertThat(first.at("subjects/0/last_active")).isEqualTo("2026-11-22T09:59:59Z");
        assertThat(first.at("subjects/0/declared")).isEqualTo("false");
        assertThat(keys(second)).contains("user-1", "user-2");
        assertThat(second.at("subjects/0/cost")).isEqualTo("0");
        assertThat(second.at("subjects/0/last_active")).isEqualTo("null");
        assertThat(second.at("next_cursor")).isEqualTo("null");
    }

    private static List<String> keys(ApiClient.Answer answer) {
        return answer.json().fields().items("subjects").stream()
                .map(subject -> subject.fields().need("key").string())
                .toList();
    }

    @Test
    void subjects_are_sorted_and_searched() {
        // Given
        admin.post("/api/v1/subjects/ada/block?organization=acme", "{}");
        app.post(RECORDS, "{\"subject\":\"carl\",\"quantities\":{\"requests\":3,\"ai_generation\":25}}");

        // When, Then
        assertThat(keys(app.get("/api/v1/admin/subjects?sort=last_active&limit=2")))
                .containsExactly("carl", "bob");
        assertThat(keys(app.get("/api/v1/admin/subjects?sort=percent&limit=1"))).containsExactly("carl");
        assertThat(keys(app.get("/api/v1/admin/subjects?sort=requests&limit=1")))
                .containsExactly("carl");
        assertThat(keys(app.get("/api/v1/admin/subjects?blocked=true"))).containsExactly("ada");
        assertThat(keys(app.get("/api/v1/admin/subjects?q=OB"))).containsExactly("bob");
        assertThat(keys(app.get("/api/v1/admin/subjects?sort=key&declared=false")))
                .contains("bob", "carl");
        assertThat(app.get("/api/v1/admin/subjects?sort=colour").status()).isEqualTo(400);
    }

    @Test
    void one_subject_is_told_with_its_limits_and_last_events() {
        // When
        var answer = app.get("/api/v1/admin/subjects/ada?days=7");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("totals/cost")).isEqualTo("0.75");
        assertThat(answer.at("last_active")).isEqualTo("2026-11-20T23:30:00Z");
        assertThat(answer.at("recent/0/model")).isEqualTo("gpt-4o");
        assertThat(answer.json().fields().items("recent")).hasSize(2);
        assertThat(answer.at("effective_plan")).isEqualTo("free");
        assertThat(answer.json().fields().items("limits")).isNotEmpty();
        assertThat(answer.at("by_feature/0/group")).isEqualTo("{\"feature\":\"chat\"}");
    }
}
