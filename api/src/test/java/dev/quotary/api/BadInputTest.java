package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of "Bad input" in the description of the outer interface. */
class BadInputTest extends ServerTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"subjekt":"u"}                                            | /subjekt                     | unknown field 'subjekt'
            {"subject":7}                                              | /subject                     | expected a text
            {"subject":""}                                             | /subject                     | a subject key
            {"subject":"u","quantities":[]}                            | /quantities                  | expected an object
            {"subject":"u","quantities":{"requests":-1}}               | /quantities/requests         | 0..1000000000000000, was -1
            {"subject":"u","quantities":{"requests":1.5}}              | /quantities/requests         | whole number
            {"subject":"u","quantities":{"requests":"1"}}              | /quantities/requests         | whole number
            {"subject":"u","quantities":{"requests":1e30}}             | /quantities/requests         | whole number
            {"subject":"u","quantities":{"tokens.input":1000000000001}} | /quantities/tokens.input    | whole number
            {"subject":"u","quantities":{"nope":1}}                    | /quantities/nope             | declared: ai_generation, kb_file
            {"subject":"u","quantities":{"cost":1}}                    | /quantities/cost             | the member 'cost'
            {"subject":"u","quantities":{"tokens":1,"tokens.input":2}} |                              | at least tokens.input
            {"subject":"u","cost":"-1"}                                | /cost                        | 0 or more
            {"subject":"u","cost":"1e99"}                              | /cost                        | at most
            {"subject":"u","cost":true}                                | /cost                        | decimal
            {"subject":"u","ttl_seconds":0}                            | /ttl_seconds                 | 1..86400
            {"subject":"u","ttl_seconds":86401}                        | /ttl_seconds                 | 1..86400
            {"subject":"u","metadata":[]}                              | /metadata                    | an object
            {"subject":"u","feature":""}                               |                              | feature of 1..256
            {"id":"","subject":"u"}                                    | /id                          | an id of 1..256
            {"subject":"u","subject":"v"}                              | /subject                     | only once
            []                                                         |                              | expected an object
            {"subject"                                                 |                              | expected JSON
            """)
    void wrong_input_is_told_with_pointer_and_expectation(String body, String pointer, String expected) {
        // When
        var check = app.post(CHECK, body);
        var reserve = app.post(RESERVATIONS, body);
        // Then
        for (var refused : new ApiClient.Answer[] {check, reserve}) {
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
            assertThat(refused.at("code")).isEqualTo("INVALID_REQUEST");
            assertThat(refused.at("pointer")).isEqualTo(pointer == null ? "" : pointer);
            assertThat(refused.at("expected")).contains(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"outcome":"fine"}                             | /outcome             | one of success, error, cancelled
            {"latency_ms":-1}                              | /latency_ms          | 0..
            {"quantities":{"requests":-1}}                 | /quantities/requests | 0..
            {"dimensions":{"a":1}}                         | /dimensions/a        | a text
            {"id":"x"}                                     | /id                  | unknown field
            {"provider_response":{"usage":{},"choices":[]},"quantities":{"tokens":1}} | /provider_response | either
            """)
    void wrong_commit_is_refused_and_settles_nothing(String body, String pointer, String expected) {
        // Given
        held("r1", "\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}");
        // When
        var refused = commit("r1", body);
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo(pointer);
        assertThat(refused.at("expected")).contains(expected);
        assertThat(shown("u", "generations", "held")).isEqualTo("1");
    }

    @Test
    void header_that_says_other_than_the_body_is_refused() {
        // When
        var refused = app.with("X-Quotary-Subject", "v").post(CHECK, "{\"subject\":\"u\"}");
        var agreed = app.with("X-Quotary-Subject", "u").post(CHECK, "{\"subject\":\"u\"}");
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo("/subject");
        assertThat(agreed.status()).isEqualTo(200);
    }

    @Test
    void unknown_subject_is_made_on_the_fly_only_where_the_organization_allows_it() {
        // Given
        admin.post(
                APPLY,
                "organizations: [ { key: acme, plan: free, unknown_subjects: refuse, subjects: [ { key: known } ] } ]");
        // When
        var check = app.post(CHECK, "{\"subject\":\"stranger\"}");
        var record = app.post(RECORDS, "{\"subject\":\"stranger\",\"quantities\":{\"ai_generation\":1}}");
        var status = app.get(STATUS + "?subject=stranger");
        // Then
        assertThat(check.at("code")).isEqualTo("SUBJECT_UNKNOWN");
        assertThat(record.at("code")).isEqualTo("SUBJECT_UNKNOWN");
        assertThat(status.at("code")).isEqualTo("SUBJECT_UNKNOWN");
        assertThat(app.post(CHECK, "{\"subject\":\"known\"}").status()).isEqualTo(200);
    }

    @Test
    void unknown_model_is_refused_where_a_limit_on_cost_applies_unless_allowed() {
        // Given
        var call =
                "{\"subject\":\"u\",\"provider\":\"openai\",\"model\":\"gpt-99\",\"quantities\":{\"tokens.input\":5}}";
        // When
        var refused = app.post(RESERVATIONS, call);
        var named = app.post(RESERVATIONS, call.replace("{\"subject\"", "{\"cost\":\"0.01\",\"subject\""));
        admin.post(APPLY, "organizations: [ { key: acme, plan: free, unpriced_models: allow } ]");
        var allowed = app.post(RESERVATIONS, call);
        // Then
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.at("code")).isEqualTo("MODEL_NOT_PRICED");
        assertThat(named.status()).isEqualTo(201);
        assertThat(allowed.status()).isEqualTo(201);
    }

    @Test
    void body_over_the_maximum_is_refused() {
        // When
        var refused = app.post(CHECK, "{\"feature\":\"" + "x".repeat(1 << 20) + "\"}");
        var records = app.post(RECORDS, "{\"subject\":\"u\",\"metadata\":{\"a\":\"" + "x".repeat(1 << 20) + "\"}}");
        // Then
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.at("code")).isEqualTo("BODY_TOO_LARGE");
        assertThat(records.at("pointer")).isEqualTo("/metadata");
    }

    @Test
    void body_with_an_encoding_is_refused() {
        // When
        var refused = app.with("Content-Encoding", "gzip").post(CHECK, "{}");
        // Then
        assertThat(refused.status()).isEqualTo(415);
    }

    @Test
    void path_and_method_that_are_not_there_are_told_apart() {
        // When
        var path = app.get("/api/v1/nothing");
        var method = app.get(CHECK);
        // Then
        assertThat(path.status()).isEqualTo(404);
        assertThat(path.at("code")).isEqualTo("NOT_FOUND");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("allow")).isEqualTo("POST");
    }

    @Test
    void query_parameters_are_checked_too() {
        // When
        var view = app.get(STATUS + "?subject=u&view=old");
        var subject = app.get(STATUS + "?subject=" + "x".repeat(257));
        var dry = admin.post(APPLY + "?dry_run=yes", "plans: []");
        var event = app.get("/api/v1/usage/events/42");
        // Then
        assertThat(view.status()).isEqualTo(400);
        assertThat(subject.status()).isEqualTo(400);
        assertThat(dry.status()).isEqualTo(400);
        assertThat(event.status()).isEqualTo(400);
    }

    @Test
    void wrong_parameter_of_a_query_is_named_in_place_of_a_pointer() {
        // When
        var answer = admin.get("/api/v1/plans?limit=many");
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("parameter")).isEqualTo("limit");
        assertThat(answer.at("expected")).isEqualTo("expected a whole number of 1..1000, was 'many'");
        assertThat(answer.at("detail"))
                .isEqualTo("query parameter 'limit': expected a whole number of 1..1000, was 'many'");
        assertThat(answer.json().fields().has("pointer")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            usage/query?organization=acme&meter=cost&from=yesterday        | from | expected a date such as 2026-11-27 or a time such as 2026-11-27T10:00:00Z, was 'yesterday'
            usage/query?organization=acme&meter=cost&top=many              | top  | expected a whole number of 1..1000, was 'many'
            usage/export?organization=acme&from=2026-11-01&to=soon         | to   | expected a date such as 2026-11-27 or a time such as 2026-11-27T10:00:00Z, was 'soon'
            usage/export?organization=acme&to=2026-11-01                   | from | expected it, and there is none
            """)
    void parameter_of_a_question_is_named_with_what_was_expected(String question, String parameter, String expected) {
        // When
        var answer = admin.get("/api/v1/" + question);
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("parameter")).isEqualTo(parameter);
        assertThat(answer.at("expected")).isEqualTo(expected);
    }
}
