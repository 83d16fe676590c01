package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplyTest extends ServerTest {
    @Test
    void file_of_the_documentation_is_in_force() {
        // When
        var status = app.get(STATUS + "?subject=user-2");
        // Then
        assertThat(status.at("plan")).isEqualTo("free");
        assertThat(status.at("upgrade_url")).isEqualTo("/settings/billing");
        assertThat(status.json().fields().items("limits")).hasSize(7);
        assertThat(status.at("limits/0/max")).isEqualTo("80");
        assertThat(status.at("limits/4/where")).isEqualTo("{\"model\":\"gpt-4*\",\"provider\":\"openai\"}");
        assertThat(status.at("limits/6/scope")).isEqualTo("organization:acme");
        assertThat(app.get(STATUS + "?subject=user-1").at("limits/0/unlimited")).isEqualTo("true");
        assertThat(app.get("/api/v1/plans").at("plans/2/key")).isEqualTo("pro");
        assertThat(app.get("/api/v1/organizations").at("organizations/0/time_zone"))
                .isEqualTo("Europe/Berlin");
        assertThat(app.get("/api/v1/subjects/user-2").at("overrides/0/max")).isEqualTo("80");
    }

    @Test
    void file_of_the_documentation_means_what_it_says() {
        // When
        var answer = admin.post(APPLY + "?dry_run=true", resource("/plans.yaml"));
        // Then
        assertThat(answer.json().fields().items("warnings")).hasSize(1);
        assertThat(answer.at("warnings/0/pointer")).isEqualTo("/organizations/0/anonymous_plan");
        assertThat(answer.at("warnings/0/message"))
                .isEqualTo("plan 'anonymous' has no limit per network: a visitor who clears the browser begins anew");
    }

    @Test
    void same_file_again_changes_nothing() {
        // When
        var again = admin.post(APPLY, resource("/plans.yaml"));
        // Then
        assertThat(again.at("created")).isEqualTo("0");
        assertThat(again.at("changed")).isEqualTo("0");
        assertThat(again.at("unchanged")).isEqualTo("11");
    }

    @Test
    void dry_run_tells_the_difference_and_does_nothing() {
        // Given
        var file = resource("/plans.yaml").replace("window: month, max: 50 }", "window: month, max: 60 }")
                + "  - { provider: local, model: \"big*\", input: \"1\", output: \"2\" }\n";
        // When
        var dry = admin.post(APPLY + "?dry_run=true", file);
        // Then
        assertThat(dry.at("dry_run")).isEqualTo("true");
        assertThat(dry.at("created")).isEqualTo("1");
        assertThat(dry.at("changed")).isEqualTo("1");
        assertThat(dry.at("changes/4/change")).isEqualTo("changed");
        assertThat(dry.at("changes/4/before/limits/0/max")).isEqualTo("50");
        assertThat(dry.at("changes/4/after/limits/0/max")).isEqualTo("60");
        assertThat(shown("u", "generations", "max")).isEqualTo("50");
        assertThat(admin.post(APPLY, file).at("changed")).isEqualTo("1");
        assertThat(shown("u", "generations", "max")).isEqualTo("60");
    }

    @Test
    void declarations_and_keys_are_there_after_a_restart() {
        // Given
        var key = server.key(dev.quotary.catalog.Role.SERVICE, "acme", null);
        server.close();
        // When
        server = ApiServer.in(directory);
        // Then
        app = server.as(key);
        assertThat(shown("user-2", "generations", "max")).isEqualTo("80");
        assertThat(server.admin().post(APPLY, resource("/plans.yaml")).at("unchanged"))
                .isEqualTo("11");
        assertThat(app.post(
                                CHECK,
                                "{\"subject\":\"u\",\"provider\":\"local\",\"model\":\"any\",\"quantities\":{\"tokens.input\":5}}")
                        .at("estimated_cost"))
                .isEqualTo("0");
    }

    @Test
    void new_limit_begins_with_what_was_used_already() {
        // Given
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":30}}");
        app.post(RECORDS, "{\"subject\":\"v\",\"quantities\":{\"ai_generation\":3},\"feature\":\"chat\"}");
        var plan = """
                plans:
                  - key: free
                    limits:
                      - { key: week, meter: ai_generation, window: week, max: 35 }
                      - { key: chat, meter: ai_generation, window: day, max: 35, where: { feature: chat } }
                      - { key: all, meter: ai_generation, per: organization, window: day, max: 100 }
                """;
        // When
        var answer = admin.post(APPLY, plan);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(shown("u", "week", "used")).isEqualTo("30");
        assertThat(shown("u", "chat", "used")).isEqualTo("0");
        assertThat(shown("v", "chat", "used")).isEqualTo("3");
        assertThat(shown("v", "all", "used")).isEqualTo("33");
        assertThat(reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":6}}")
                        .status())
                .isEqualTo(402);
    }

    @Test
    void subject_that_changes_to_a_plan_that_counts_more_begins_with_what_it_used() {
        // Given
        admin.post(APPLY, """
                plans:
                  - key: strict
                    limits: [ { key: hour, meter: ai_generation, window: hour, max: 5 } ]
                organizations:
                  - key: acme
                    plan: free
                    subjects: [ { key: other, plan: strict } ]
                """);
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":4}}");
        // When
        admin.post(APPLY, "organizations: [ { key: acme, plan: free, subjects: [ { key: u, plan: strict } ] } ]");
        // Then
        assertThat(shown("u", "hour", "used")).isEqualTo("4");
    }

    @Test
    void organization_that_changes_its_time_zone_keeps_the_use_of_the_new_day() {
        // Given: 00:30 on the 23rd in Berlin is 23:30 on the 22nd in UTC.
        server.clock.set(java.time.Instant.parse("2026-11-22T23:30:00Z"));
        app.post(RECORDS, "{\"subject\":\"u\",\"time\":\"2026-11-22T22:00:00Z\",\"quantities\":{\"tokens\":70}}");
        app.post(RECORDS, "{\"subject\":\"u\",\"time\":\"2026-11-22T23:10:00Z\",\"quantities\":{\"tokens\":5}}");
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("5");
        // When
        admin.post(APPLY, "organizations: [ { key: acme, plan: free, time_zone: UTC } ]");
        // Then
        assertThat(shown("u", "daily-tokens", "used")).isEqualTo("75");
    }

    @Test
    void level_counts_over_its_lifetime_whatever_is_written_and_says_so() {
        // When
        var answer = admin.post(
                APPLY, "plans: [ { key: files, limits: [ { key: f, meter: kb_file, window: month, max: 3 } ] } ]");
        // Then
        assertThat(answer.at("warnings/0/pointer")).isEqualTo("/plans/0/limits/0/window");
        assertThat(answer.at("warnings/0/message")).contains("lifetime");
    }

    @Test
    void refusals_of_limits_that_let_calls_wait_are_429() {
        // Given
        admin.post(APPLY, """
                plans: [ { key: free, limits: [
                  { key: q, meter: ai_generation, window: day, max: 0, exceeded: { action: queue, wait: 5s } } ] } ]
                """);
        // When
        var refused = reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}");
        // Then
        assertThat(refused.status()).isEqualTo(429);
    }

    @Test
    void overage_passes_up_to_its_own_maximum_and_shadow_only_reports() {
        // Given
        admin.post(APPLY, """
                plans: [ { key: free, limits: [
                  { key: soft, meter: ai_generation, window: day, max: 10, exceeded: { action: overage, overage_max: 5 } },
                  { key: trial, meter: ai_generation, window: day, max: 1, exceeded: { action: shadow } } ] } ]
                """);
        // When
        var over = reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":15}}");
        var beyond = reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}");
        // Then
        assertThat(over.status()).isEqualTo(201);
        assertThat(over.at("limits/0/state")).isEqualTo("overage");
        assertThat(over.at("limits/1/state")).isEqualTo("shadow");
        assertThat(beyond.status()).isEqualTo(402);
        assertThat(beyond.json().fields().items("violations")).hasSize(1);
    }

    @Test
    void blocked_subject_stays_blocked_when_a_file_is_applied() {
        // Given
        admin.post("/api/v1/subjects/user-1/block?organization=acme", "");
        // When
        admin.post(APPLY, resource("/plans.yaml").replace("name: Ada", "name: Ada L."));
        // Then
        var refused = reserve("{\"subject\":\"user-1\",\"quantities\":{\"ai_generation\":1}}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.at("code")).isEqualTo("SUBJECT_BLOCKED");
        assertThat(app.get("/api/v1/subjects/user-1").at("name")).isEqualTo("Ada L.");
        assertThat(admin.post("/api/v1/subjects/user-1/unblock?organization=acme", "")
                        .at("blocked"))
                .isEqualTo("false");
        assertThat(reserve("{\"subject\":\"user-1\",\"quantities\":{\"ai_generation\":1}}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void file_may_be_json() {
        // When
        var answer = admin.with("Content-Type", "application/json")
                .post(APPLY, "{\"plans\":[{\"key\":\"tiny\",\"limits\":[]}]}");
        // Then
        assertThat(answer.at("created")).isEqualTo("1");
    }

    @Test
    void price_that_is_changed_gets_another_row() {
        // Given
        var check =
                "{\"subject\":\"u\",\"provider\":\"local\",\"model\":\"m\",\"quantities\":{\"tokens.input\":1000000}}";
        app.post(RECORDS, check);
        // When
        admin.post(APPLY, "prices: [ { provider: local, model: \"*\", input: \"0.25\", output: 1 } ]");
        // Then
        var recorded = app.post(RECORDS, check);
        assertThat(recorded.at("events/0/cost")).isEqualTo("0.25");
        assertThat(app.get("/api/v1/usage/events/" + recorded.at("events/0/id")).at("receipt/price/row"))
                .matches("own:local/\\*#[0-9a-f]+");
    }

    @Test
    void nothing_of_a_file_with_a_mistake_is_applied() {
        // When
        var refused =
                admin.post(APPLY, "plans:\n  - { key: good, limits: [] }\n  - { key: bad, limits: [ { key: x } ] }\n");
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("detail")).isEqualTo("line 3, /plans/1/limits/0: expected a member 'meter'");
        assertThat(app.get("/api/v1/plans").body()).doesNotContain("good");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            plan: []                                                                       | /plan                            | unknown field
            plans: [ { key: p, limit: [] } ]                                               | /plans/0/limit                   | unknown field
            plans: [ { key: p }, { key: p } ]                                              | /plans/1/key                     | once
            plans: [ { key: "a b" } ]                                                      | /plans/0/key                     | a plan key
            plans: [ { key: p, limits: [ { key: l, meter: nope, window: day, max: 1 } ] } ] | /plans/0/limits/0/meter          | declared: ai_generation
            plans: [ { key: p, limits: [ { key: l, meter: cost, window: day, max: "x" } ] } ] | /plans/0/limits/0/max          | dollars
            plans: [ { key: p, limits: [ { key: l, meter: cost, window: day, max: -1 } ] } ] | /plans/0/limits/0/max           | 0 or more
            plans: [ { key: p, limits: [ { key: l, meter: tokens, window: day, max: 1.5 } ] } ] | /plans/0/limits/0/max        | whole number
            plans: [ { key: p, limits: [ { key: l, meter: tokens, window: days, max: 1 } ] } ] | /plans/0/limits/0/window      | one of minute
            plans: [ { key: p, limits: [ { key: l, meter: tokens, per: user, window: day, max: 1 } ] } ] | /plans/0/limits/0/per | one of organization
            plans: [ { key: p, limits: [ { key: l, meter: tokens, window: day, max: 1, warn_at: [0] } ] } ] | /plans/0/limits/0/warn_at/0 | 1..100
            plans: [ { key: p, limits: [ { key: l, meter: tokens, window: day, max: 1, where: { model: "a*b" } } ] } ] | /plans/0/limits/0/where | prefix
            plans: [ { key: p, limits: [ { key: l, meter: tokens, window: day, max: 1, exceeded: { status: 418 } } ] } ] | /plans/0/limits/0/exceeded | 402 or 429
            plans: [ { key: p, limits: [ { key: l, meter: tokens, window: day, max: 1, exceeded: { action: overage } } ] } ] | /plans/0/limits/0/exceeded | overage_max
            plans: [ { key: p, limits: [ { key: l, meter: tokens, window: day, max: 1, exceeded: { wait: soon } } ] } ] | /plans/0/limits/0/exceeded/wait | a duration
            meters: [ { key: tokens, aggregation: sum } ]                                  | /meters/0/key                    | built in
            meters: [ { key: seats, aggregation: average } ]                               | /meters/0/aggregation            | one of sum
            meters: [ { key: kb_file, aggregation: sum } ]                                 | /meters/0                        | keep its aggregation
            meters: [ { key: m, aggregation: sum, value_property: "$.x" } ]                | /meters/0/value_property         | event_type
            meters: [ { key: m, aggregation: sum, event_type: e } ]                        | /meters/0                        | value_property
            meters: [ { key: m, aggregation: count, event_type: e, value_property: "$.x" } ] | /meters/0/value_property       | counts events
            meters: [ { key: m, aggregation: sum, event_type: e, value_property: "x" } ]   | /meters/0/value_property         | begin with $
            meters: [ { key: m, aggregation: sum, event_type: e, value_property: "$..x" } ] | /meters/0/value_property        | at character 3
            meters: [ { key: m, aggregation: sum, event_type: "", value_property: "$.x" } ] | /meters/0/event_type            | an event type
            meters: [ { key: m, aggregation: count, event_type: e, group_by: { "a b": "$.x" } } ] | /meters/0/group_by/a b    | letters
            meters: [ { key: m, aggregation: count, event_type: e, group_by: { subject: "$.x" } } ] | /meters/0/group_by/subject | not one of
            meters: [ { key: m, aggregation: count, event_type: e, group_by: { a: "$.x[*]" } } ] | /meters/0/group_by/a       | index
            meters: [ { key: m, aggregation: count, event_type: prompt, group_by: { model: "$.m" } } ] | /meters/0            | as meter 'tokens_used' has it
            organizations: [ { key: o, plan: gold } ]                                      | /organizations/0/plan            | a declared plan
            organizations: [ { key: o, time_zone: Mars } ]                                 | /organizations/0/time_zone       | Mars
            organizations: [ { key: acme, plan: free, subjects: [ { key: s, overrides: [ { limit: nope, max: 1 } ] } ] } ] | /organizations/0/subjects/0/overrides/0/limit | a limit of
            prices: [ { provider: p, model: m, input: 1 } ]                                | /prices/0                        | 'output'
            prices: [ { provider: p, model: "m*x", input: 1, output: 1 } ]                 | /prices/0                        | at its end
            """)
    void mistake_is_told_with_its_place(String file, String pointer, String expected) {
        // When
        var refused = admin.post(APPLY, file);
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo(pointer);
        assertThat(refused.at("expected")).contains(expected);
    }

    @Test
    void limit_on_unique_or_max_is_refused_for_now() {
        // When
        var refused = admin.post(APPLY, """
                meters: [ { key: users, aggregation: unique } ]
                plans: [ { key: p, limits: [ { key: l, meter: users, window: day, max: 1 } ] } ]
                """);
        // Then
        assertThat(refused.at("pointer")).isEqualTo("/plans/0/limits/0/meter");
        assertThat(refused.at("expected")).contains("not built yet");
    }

    @Test
    void override_that_no_longer_fits_a_changed_plan_stops_the_change() {
        // Given
        admin.post(APPLY, """
                organizations: [ { key: acme, plan: free, subjects: [
                  { key: rich, overrides: [ { limit: daily-cost, max: "2.50" } ] } ] } ]
                """);
        // When
        var refused = admin.post(
                APPLY, "plans: [ { key: free, limits: [ { key: daily-cost, meter: tokens, window: day, max: 5 } ] } ]");
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("detail")).contains("subject 'rich'").contains("/overrides/0/max");
        assertThat(shown("rich", "daily-cost", "max")).isEqualTo("2.5");
    }

    @Test
    void override_of_a_limit_that_is_gone_has_no_effect_and_works_again_when_it_is_back() {
        // Given
        var gone = admin.post(APPLY, "plans: [ { key: free, limits: [] } ]");
        // When
        admin.post(
                APPLY,
                "plans: [ { key: free, limits: [ { key: generations, meter: ai_generation, window: month, max: 1 } ] } ]");
        // Then
        assertThat(gone.at("warnings/0/message")).contains("user-2").contains("no effect");
        assertThat(shown("user-2", "generations", "max")).isEqualTo("80");
    }
}
