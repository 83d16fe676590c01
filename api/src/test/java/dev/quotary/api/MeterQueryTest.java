package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
class MeterQueryTest extends ServerTest {
    private static final String EVENTS = "/api/v1/events";
    private static final String QUERY = "/api/v1/meters/words/query";

    @BeforeEach
    void events() {
        admin.post(APPLY, """
                meters:
                  - { key: words, aggregation: sum, event_type: essay, value_property: "$.words", group_by: { model: "$.model", kind: "$.kind" } }
                  - { key: prompts, aggregation: count, event_type: essay }
                  - { key: people, aggregation: unique, event_type: essay, value_property: "$.person" }
                  - { key: mean, aggregation: avg, event_type: essay, value_property: "$.words" }
                  - { key: least, aggregation: min, event_type: essay, value_property: "$.words" }
                  - { key: most, aggregation: max, event_type: essay, value_property: "$.words" }
                  - { key: level, aggregation: latest, event_type: essay, value_property: "$.words" }
                """);
        send("e1", "ann", "2026-11-20T22:30:00Z", "{\"words\":10,\"model\":\"m1\",\"person\":\"x\"}");
        send(
                "e2",
                "ann",
                "2026-11-20T23:30:00Z",
                "{\"words\":4,\"model\":\"m2\",\"person\":\"x\",\"kind\":\"a,\\\"b\"}");
        send("e3", "bob", "2026-11-22T09:15:00Z", "{\"words\":3,\"model\":\"m1\",\"person\":\"y\"}");
    }

    private void send(String id, String subject, String time, String data) {
        var answer = app.post(
                EVENTS,
                "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"s\",\"type\":\"essay\",\"subject\":\""
                        + subject + "\",\"time\":\"" + time + "\",\"data\":" + data + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({"words, 17", "prompts, 3", "people, 2", "mean, 5.666666666667", "least, 3", "most, 10", "level, 3"})
    void meter_comes_to_what_its_aggregation_makes_of_its_events(String meter, String value) {
        // When
        var answer = app.get("/api/v1/meters/" + meter + "/query");
        // Then
        assertThat(answer.at("data/0/value")).isEqualTo(value);
        assertThat(answer.at("data/0/subject")).isEqualTo("null");
        assertThat(answer.json().fields().items("data")).hasSize(1);
    }

    @Test
    void windows_begin_in_the_zone_that_is_asked_for_and_groups_are_told_apart() {
        // When
        var answer = app.get(QUERY + "?from=2026-11-19T23:00:00Z&to=2026-11-22T23:00:00Z&windowSize=DAY"
                + "&windowTimeZone=Europe/Berlin&groupBy=model&groupBy=subject");
        // Then
        assertThat(answer.body()).isEqualTo("""
                {"from":"2026-11-19T23:00:00Z","to":"2026-11-22T23:00:00Z","windowSize":"DAY","data":[\
                {"value":10,"windowStart":"2026-11-19T23:00:00Z","windowEnd":"2026-11-20T23:00:00Z","subject":"ann","groupBy":{"model":"m1"}},\
                {"value":4,"windowStart":"2026-11-20T23:00:00Z","windowEnd":"2026-11-21T23:00:00Z","subject":"ann","groupBy":{"model":"m2"}},\
                {"value":3,"windowStart":"2026-11-21T23:00:00Z","windowEnd":"2026-11-22T23:00:00Z","subject":"bob","groupBy":{"model":"m1"}}]}""");
    }

    @Test
    void query_is_filtered_by_subjects_and_dimensions() {
        // When
        var bySubjects = app.get(QUERY + "?subject=ann&subject=nobody");
        var byModel = app.get(QUERY + "?filterGroupBy[model]=m1");
        var byBody = app.post(
                QUERY,
                "{\"subject\":[\"ann\",\"bob\"],\"filterGroupBy\":{\"model\":[\"m1\",\"m3\"]},\"groupBy\":[\"kind\"]}");
        // Then
        assertThat(bySubjects.at("data/0/value")).isEqualTo("14");
        assertThat(byModel.at("data/0/value")).isEqualTo("13");
        assertThat(byBody.at("data/0/value")).isEqualTo("13");
        assertThat(byBody.at("data/0/groupBy/kind")).isEqualTo("null");
    }

    @Test
    void csv_is_answered_where_it_is_accepted() {
        // When
        var answer = app.with("Accept", "text/csv")
                .get(QUERY + "?to=2026-11-22T00:00:00Z&windowSize=MONTH&from=2026-11-01T00:00:00Z"
                        + "&groupBy=kind&groupBy=subject");
        // Then
        assertThat(answer.header("content-type")).isEqualTo("text/csv; charset=utf-8");
        assertThat(answer.body()).isEqualTo("""
                window_start,window_end,kind,subject,value\r
                2026-11-01T00:00:00Z,2026-11-22T00:00:00Z,,ann,10\r
                2026-11-01T00:00:00Z,2026-11-22T00:00:00Z,"a,""b",ann,4\r
                """);
    }

    @Test
    void formula_in_csv_is_marked_as_text() {
        // Given
        send("e4", "=1+1", "2026-11-22T09:15:00Z", "{\"words\":3,\"person\":\"y\"}");
        // When
        var answer = app.with("Accept", "text/csv").get(QUERY + "?subject==1%2B1&groupBy=subject");
        // Then
        assertThat(answer.body()).contains(",'=1+1,3");
    }

    @Test
    void late_event_corrects_the_past() {
        // Given
        var before = app.get(QUERY + "?to=2026-11-21T00:00:00Z");
        // When
        send("late", "ann", "2026-11-20T22:59:59.999999Z", "{\"words\":100,\"model\":\"m1\",\"person\":\"x\"}");
        // Then
        assertThat(before.at("data/0/value")).isEqualTo("14");
        assertThat(app.get(QUERY + "?to=2026-11-21T00:00:00Z").at("data/0/value"))
                .isEqualTo("114");
        assertThat(app.get(QUERY + "?to=2026-11-20T22:59:59Z").at("data/0/value"))
                .isEqualTo("10");
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void records_count_on_the_same_meter() {
        // Given
        app.post(RECORDS, "{\"subject\":\"cat\",\"model\":\"m9\",\"provider\":\"local\",\"quantities\":{\"words\":5}}");
        // When
        var answer = app.get(QUERY + "?groupBy=model&subject=cat");
        // Then
        assertThat(answer.at("data/0/value")).isEqualTo("5");
        assertThat(answer.at("data/0/groupBy/model")).isEqualTo("m9");
    }

    @Test
    void end_user_sees_its_own_use_alone() {
        // Given
        var own = server.as(server.key(Role.SUBJECT, "acme", "bob"));
        // When
        var answer = own.get(QUERY);
        // Then
        assertThat(answer.at("data/0/value")).isEqualTo("3");
        assertThat(own.get(QUERY + "?subject=ann").status()).isEqualTo(403);
        assertThat(own.get(EVENTS).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            from=yesterday                                    | query parameter 'from': expected a time
            windowSize=WEEK                                   | one of MINUTE, HOUR, DAY, MONTH
            windowTimeZone=Mars                               | Europe/Berlin
            groupBy=team                                      | subject, kind, model
            filterGroupBy[team]=a                             | subject, kind, model
            filterGroupBy[model]=a*b                          | prefix
            filterCustomerId=c                                | unknown field
            windowSize=MINUTE                                 | coarser granularity
            from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z | ends after it begins
            """)
    void mistake_in_a_query_is_told(String query, String expected) {
        // When
        var refused = app.get(QUERY + "?" + query);
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("detail")).contains(expected);
    }

    @Test
    void meter_that_is_not_declared_is_not_there_and_a_built_in_one_elsewhere() {
        // When
        var unknown = app.get("/api/v1/meters/nope/query");
        var builtIn = app.get("/api/v1/meters/tokens/query");
        // Then
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(builtIn.status()).isEqualTo(404);
        assertThat(builtIn.at("detail")).contains("/api/v1/usage/query?meter=tokens");
    }

    @Test
    void events_are_listed_as_they_were_sent() {
        // When
        var newest = app.get(EVENTS + "?limit=1");
        var named = app.get(EVENTS + "?id=e1&subject=ann&ingestedAtFrom=2026-11-22T10:00:00Z");
        var later = app.get(EVENTS + "?ingestedAtFrom=2026-11-22T10:00:01Z");
        // Then
        assertThat(newest.body()).isEqualTo("""
                [{"event":{"specversion":"1.0","id":"e3","source":"s","type":"essay","subject":"bob","time":"2026-11-22T09:15:00Z",\
                "datacontenttype":"application/json","data":{"words":3,"model":"m1","person":"y"}},\
                "ingestedAt":"2026-11-22T10:00:00Z","storedAt":"2026-11-22T10:00:00Z"}]""");
        assertThat(named.at("0/event/id")).isEqualTo("e1");
        assertThat(named.json().items()).hasSize(1);
        assertThat(later.json().items()).isEmpty();
        assertThat(app.get(EVENTS + "?limit=0").status()).isEqualTo(400);
        assertThat(app.get(EVENTS + "?from=x").status()).isEqualTo(400);
    }
}
