package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.http.Documents;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VisitorsTest extends ServerTest {
    private static final String SESSIONS = "/api/v1/anonymous-sessions";

    @BeforeEach
    void plans() {
        var applied = admin.post(APPLY, """
                plans:
                  - key: anonymous
                    limits:
                      - { key: messages, meter: requests, per: subject, window: day, max: 3 }
                      - { key: network, meter: requests, per: network, window: day, max: 5 }
                  - key: account
                    limits:
                      - { key: daily, meter: requests, per: subject, window: day, max: 10 }
                      - { key: gpt, meter: requests, per: subject, window: month, max: 100, where: { provider: openai } }
                      - { key: generations, meter: ai_generation, per: subject, window: lifetime, max: 100 }
                      - { key: hour, meter: requests, per: subject, window: hour, sliding: true, max: 50 }
                organizations:
                  - { key: acme, plan: account, anonymous_plan: anonymous, time_zone: Europe/Berlin }
                  - { key: globex, plan: account }
                """);
        assertThat(applied.status()).isEqualTo(200);
    }

    private ApiClient.Answer begin(String address) {
        return app.post(SESSIONS, "{\"client_address\":\"" + address + "\"}");
    }

    private ApiClient visitor(ApiClient.Answer begun) {
        return server.as(begun.at("token"));
    }

    private ApiClient.Answer reserveFor(ApiClient.Answer begun) {
        return reserve("{\"subject\":\"" + begun.at("subject") + "\",\"quantities\":{\"requests\":1}}");
    }

    /** Uses one request of a visitor, if there is room, as a backend does. */
    private int use(ApiClient.Answer begun) {
        var held = reserveFor(begun);
        if (held.status() == 201) {
            assertThat(commit(held.at("reservation/id"), "{}").status()).isEqualTo(200);
        }
        return held.status();
    }

    private ApiClient.Answer merge(ApiClient.Answer begun, String into) {
        return app.post(SESSIONS + "/" + begun.at("subject") + "/merge", "{\"into\":\"" + into + "\"}");
    }

    private void record(String subject, String members) {
        assertThat(app.post(RECORDS, "{\"subject\":\"" + subject + "\"," + members + "}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void session_begins_under_the_anonymous_plan_with_everything_left() {
        // When
        var begun = begin("203.0.113.7");
        // Then
        assertThat(begun.status()).isEqualTo(201);
        assertThat(begun.at("expires_at")).isEqualTo("2026-11-29T10:00:00Z");
        assertThat(begun.at("status/plan")).isEqualTo("anonymous");
        assertThat(begun.at("status/limits/0/limit")).isEqualTo("messages");
        assertThat(begun.at("status/limits/0/remaining")).isEqualTo("3");
        assertThat(begun.at("status/limits/1/limit")).isEqualTo("network");
        assertThat(begun.at("status/limits/1/scope")).startsWith("network:");
        assertThat(begun.at("status/limits/1/remaining")).isEqualTo("5");
    }

    @Test
    void token_and_subject_name_neither_the_address_nor_anything_else_that_is_sensitive() {
        // When
        var begun = begin("203.0.113.7");
        var said = new String(
                Base64.getUrlDecoder().decode(begun.at("token").split("\\.", -1)[1]), StandardCharsets.UTF_8);
        // Then
        assertThat(Documents.json(said).entries())
                .containsOnlyKeys("kind", "organization", "subject", "issuer", "issued_at", "expires_at");
        assertThat(said).doesNotContain("203.0.113.7", "cb007107");
        assertThat(begun.body()).doesNotContain("203.0.113.7", "cb007107");
    }

    @Test
    void visitor_sees_what_is_left_until_it_is_used_up() {
        // Given
        var begun = begin("203.0.113.7");
        var own = visitor(begun);
        assertThat(List.of(use(begun), use(begun), use(begun))).containsOnly(201);
        // When
        var refused = reserveFor(begun);
        // Then
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.at("violations/0/limit")).isEqualTo("messages");
        var status = own.get(STATUS);
        assertThat(status.at("subject")).isEqualTo(begun.at("subject"));
        assertThat(status.at("state")).isEqualTo("exceeded");
        assertThat(status.at("limits/0/remaining")).isEqualTo("0");
    }

    @Test
    void token_of_a_visitor_uses_and_records_nothing_by_itself() {
        // Given
        var own = visitor(begin("203.0.113.7"));
        // When
        var answers = List.of(
                own.post(CHECK, "{}"),
                own.post(RESERVATIONS, "{\"quantities\":{\"requests\":1}}"),
                own.post(RECORDS, "{\"cost\":\"1000000\"}"),
                own.post(SESSIONS, "{\"client_address\":\"203.0.113.7\"}"));
        // Then
        assertThat(answers).extracting(ApiClient.Answer::status).containsOnly(403);
    }

    @Test
    void clearing_the_browser_does_not_renew_the_allowance_of_the_network() {
        // Given
        var first = begin("203.0.113.7");
        IntStream.range(0, 3).forEach(_ -> assertThat(use(first)).isEqualTo(201));
        var second = begin("203.0.113.7");
        assertThat(List.of(use(second), use(second))).containsOnly(201);
        // When
        var refused = reserveFor(second);
        var third = reserveFor(begin("203.0.113.7"));
        // Then
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.at("violations/0/limit")).isEqualTo("network");
        assertThat(third.status()).isEqualTo(402);
        assertThat(use(begin("203.0.113.8"))).isEqualTo(201);
    }

    @Test
    void addresses_of_one_network_are_one_however_they_are_written() {
        // When
        var networks = new ArrayList<String>();
        for (var address : List.of(
                "2001:db8:1:2::1",
                "2001:db8:1:2:ffff:ffff:ffff:ffff",
                "2001:0DB8:0001:0002:0000:0000:0000:0009",
                "2001:db8:1:3::1",
                "203.0.113.7",
                "::ffff:203.0.113.7",
                "64:ff9b::203.0.113.7",
                "203.0.113.8")) {
            networks.add(begin(address).at("subject").substring(0, 21));
        }
        // Then
        assertThat(networks.subList(0, 3)).containsOnly(networks.getFirst());
        assertThat(networks.subList(4, 7)).containsOnly(networks.get(4));
        assertThat(networks.stream().distinct()).hasSize(4);
    }

    @Test
    void network_is_told_apart_within_one_organization_only_and_is_the_same_after_a_restart() {
        // Given
        admin.post(APPLY, "organizations: [ { key: globex, anonymous_plan: anonymous } ]");
        var here = begin("203.0.113.7").at("subject").substring(0, 21);
        // When
        var elsewhere = admin.post(SESSIONS, "{\"organization\":\"globex\",\"client_address\":\"203.0.113.7\"}")
                .at("subject")
                .substring(0, 21);
        server.close();
        server = ApiServer.in(directory);
        var later = server.service()
                .post(SESSIONS, "{\"client_address\":\"203.0.113.7\"}")
                .at("subject")
                .substring(0, 21);
        // Then
        assertThat(elsewhere).isNotEqualTo(here);
        assertThat(later).isEqualTo(here);
    }

    @Test
    void what_is_no_address_of_a_client_is_400() {
        for (var address : List.of(
                "",
                "localhost",
                "1.2.3",
                "1",
                "300.1.1.1",
                "01.2.3.4",
                "0.0.0.0",
                "::",
                "ff02::1",
                "[::1]",
                "fe80::1%1",
                "1.2.3.4:80",
                "2001:db8::1::2",
                "x".repeat(10_000))) {
            // When
            var answer = begin(address);
            // Then
            assertThat(answer.status()).as(address).isEqualTo(400);
            assertThat(answer.at("pointer")).isEqualTo("/client_address");
        }
    }

    @Test
    void allowance_is_renewed_at_midnight_of_the_organization() {
        // Given
        var begun = begin("203.0.113.7");
        IntStream.range(0, 3).forEach(_ -> use(begun));
        server.clock.advance(Duration.ofHours(12).plusMinutes(59));
        assertThat(use(begun)).isEqualTo(402);
        // When
        server.clock.advance(Duration.ofMinutes(1));
        // Then
        assertThat(use(begun)).isEqualTo(201);
    }

    @Test
    void organization_without_a_plan_for_visitors_takes_none() {
        // When
        var answer = admin.post(SESSIONS, "{\"organization\":\"globex\",\"client_address\":\"203.0.113.7\"}");
        // Then
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.at("code")).isEqualTo("VISITORS_NOT_TAKEN");
    }

    @Test
    void account_begins_with_what_the_visitor_used_by_its_own_limits() {
        // Given
        var begun = begin("203.0.113.7");
        var subject = begun.at("subject");
        record(subject, "\"provider\":\"openai\",\"model\":\"gpt-4o-mini\",\"quantities\":{\"requests\":2}");
        record(subject, "\"quantities\":{\"requests\":1,\"ai_generation\":4}");
        record("user-7", "\"quantities\":{\"requests\":4,\"ai_generation\":1}");
        // When
        var merged = merge(begun, "user-7");
        // Then
        assertThat(merged.status()).isEqualTo(200);
        assertThat(merged.at("merged_at")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(shown("user-7", "daily", "used")).isEqualTo("7");
        assertThat(shown("user-7", "gpt", "used")).isEqualTo("2");
        assertThat(shown("user-7", "generations", "used")).isEqualTo("5");
        assertThat(shown("user-7", "hour", "used")).isEqualTo("7");
        for (int i = 0; i < 3; i++) {
            held("after-" + i, "\"subject\":\"user-7\",\"quantities\":{\"requests\":1}");
        }
        assertThat(reserve("{\"subject\":\"user-7\",\"quantities\":{\"requests\":1}}")
                        .status())
                .isEqualTo(402);
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void merged_visitor_uses_nothing_more_and_its_token_opens_nothing() {
        // Given
        var begun = begin("203.0.113.7");
        // When
        merge(begun, "user-7");
        // Then
        assertThat(reserveFor(begun).at("code")).isEqualTo("SUBJECT_BLOCKED");
        assertThat(visitor(begun).get(STATUS).at("code")).isEqualTo("SUBJECT_BLOCKED");
    }

    @Test
    void repeated_merge_changes_nothing_and_one_into_another_account_is_refused() {
        // Given
        var begun = begin("203.0.113.7");
        use(begun);
        var first = merge(begun, "user-7");
        server.clock.advance(Duration.ofSeconds(5));
        // When
        var again = merge(begun, "user-7");
        var other = merge(begun, "user-8");
        // Then
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.at("code")).isEqualTo("VISITOR_MERGED");
        assertThat(shown("user-7", "daily", "used")).isEqualTo("1");
        assertThat(shown("user-8", "daily", "used")).isEqualTo("0");
    }

    @Test
    void call_that_ran_during_the_merge_counts_for_the_account_when_it_ends() {
        // Given
        var begun = begin("203.0.113.7");
        var running = reserveFor(begun).at("reservation/id");
        merge(begun, "user-7");
        assertThat(shown("user-7", "daily", "used")).isEqualTo("0");
        // When
        var committed = commit(running, "{}");
        record(begun.at("subject"), "\"quantities\":{\"requests\":1}");
        // Then
        assertThat(committed.status()).isEqualTo(200);
        assertThat(shown("user-7", "daily", "used")).isEqualTo("2");
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void use_that_was_moved_stays_moved_over_a_restart() {
        // Given
        var begun = begin("203.0.113.7");
        use(begun);
        record("user-7", "\"quantities\":{\"requests\":1}");
        merge(begun, "user-7");
        // When
        server.close();
        server = ApiServer.in(directory);
        app = server.service();
        // Then
        assertThat(shown("user-7", "daily", "used")).isEqualTo("2");
        assertThat(reserveFor(begun).status()).isEqualTo(403);
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void start_finishes_a_merge_that_died_before_the_visitor_was_blocked() {
        // Given
        var begun = begin("203.0.113.7");
        use(begun);
        server.merging
                .merge(
                        new OrganizationKey("acme"),
                        new SubjectKey(begun.at("subject")),
                        new SubjectKey("user-7"),
                        "key_test")
                .orElseThrow()
                .toCompletableFuture()
                .join();
        // Not moved by then, and not blocked either.
        use(begun);
        // When
        server.close();
        server = ApiServer.in(directory);
        app = server.service();
        // Then
        assertThat(reserveFor(begun).at("code")).isEqualTo("SUBJECT_BLOCKED");
        assertThat(shown("user-7", "daily", "used")).isEqualTo("2");
        assertThat(merge(begun, "user-7").status()).isEqualTo(200);
        assertThat(shown("user-7", "daily", "used")).isEqualTo("2");
    }

    @Test
    void of_many_merges_and_calls_at_once_every_use_counts_once_for_the_one_account_that_won() throws Exception {
        // Given
        var begun = begin("203.0.113.7");
        var subject = begun.at("subject");
        var steps = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 16; i++) {
            var into = "account-" + i % 4;
            steps.add(() -> merge(begun, into).status());
            steps.add(() -> app.post(RECORDS, "{\"subject\":\"" + subject + "\",\"quantities\":{\"requests\":1}}")
                    .status());
        }
        // When
        List<Integer> answers;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = threads.invokeAll(steps).stream().map(Future::resultNow).toList();
        }
        // Then
        assertThat(answers).containsOnly(200, 409);
        var used = IntStream.range(0, 4)
                .mapToObj(i -> shown("account-" + i, "daily", "used"))
                .sorted()
                .toList();
        assertThat(used).containsExactly("0", "0", "0", "16");
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void reset_after_a_merge_is_not_undone_by_another_one() {
        // Given
        var begun = begin("203.0.113.7");
        use(begun);
        merge(begun, "user-7");
        admin.post("/api/v1/subjects/user-7/reset", "{\"organization\":\"acme\"}");
        // When
        merge(begun, "user-7");
        // Then
        assertThat(shown("user-7", "daily", "used")).isEqualTo("0");
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void change_of_limits_keeps_what_was_moved_where_it_counts_the_same() {
        // Given
        var begun = begin("203.0.113.7");
        use(begun);
        record("user-7", "\"quantities\":{\"requests\":1}");
        merge(begun, "user-7");
        // When
        admin.post(APPLY, """
                plans:
                  - key: account
                    limits: [ { key: daily, meter: requests, per: subject, window: day, max: 20 } ]
                """);
        // Then
        assertThat(shown("user-7", "daily", "used")).isEqualTo("2");
        assertThat(server.differences()).isEmpty();
    }

    @Test
    void merging_what_is_no_visitor_or_into_what_is_no_account_is_refused() {
        // Given
        var begun = begin("203.0.113.7");
        var other = begin("203.0.113.7").at("subject");
        admin.post(
                APPLY,
                "organizations: [ { key: acme, plan: account, anonymous_plan: anonymous, unknown_subjects: refuse } ]");
        // When
        var noVisitor = app.post(SESSIONS + "/user-7/merge", "{\"into\":\"user-1\"}");
        var intoVisitor = merge(begun, other);
        var intoNobody = merge(begun, "nobody");
        var empty = app.post(SESSIONS + "/" + other + "/merge", "{}");
        // Then
        assertThat(noVisitor.status()).isEqualTo(404);
        assertThat(intoVisitor.status()).isEqualTo(400);
        assertThat(intoVisitor.at("pointer")).isEqualTo("/into");
        assertThat(intoNobody.at("code")).isEqualTo("SUBJECT_UNKNOWN");
        assertThat(empty.status()).isEqualTo(400);
        assertThat(use(begun)).isEqualTo(201);
    }

    @Test
    void visitors_are_known_where_other_undeclared_subjects_are_not() {
        // Given
        admin.post(
                APPLY,
                "organizations: [ { key: acme, plan: account, anonymous_plan: anonymous, unknown_subjects: refuse } ]");
        // When
        var begun = begin("203.0.113.7");
        // Then
        assertThat(use(begun)).isEqualTo(201);
        assertThat(reserve("{\"subject\":\"stranger\",\"quantities\":{\"requests\":1}}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void visitors_do_not_get_the_plan_of_others_where_theirs_is_gone() {
        // Given
        var begun = begin("203.0.113.7");
        // When
        admin.post(APPLY, "organizations: [ { key: acme, plan: account } ]");
        // Then
        assertThat(reserveFor(begun).at("code")).isEqualTo("SUBJECT_UNKNOWN");
        assertThat(begin("203.0.113.7").at("code")).isEqualTo("VISITORS_NOT_TAKEN");
    }

    @Test
    void token_of_a_visitor_ends_and_dies_with_the_key_that_made_it() {
        // Given
        var key = admin.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"service\"}");
        var backend = server.as(key.at("secret"));
        var body = "{\"client_address\":\"203.0.113.7\",\"ttl_seconds\":300}";
        var first = server.as(backend.post(SESSIONS, body).at("token"));
        server.clock.advance(Duration.ofMinutes(5));
        var second = server.as(backend.post(SESSIONS, body).at("token"));
        // When
        var expired = first.get(STATUS);
        admin.send("DELETE", "/api/v1/keys/" + key.at("id"), "");
        var orphaned = second.get(STATUS);
        // Then
        assertThat(expired.at("code")).isEqualTo("TOKEN_EXPIRED");
        assertThat(orphaned.at("code")).isEqualTo("TOKEN_INVALID");
    }
}
