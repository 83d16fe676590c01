package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches that are accepted at once and recorded afterwards. */
class SyncsTest extends ServerTest {
    private static final String SYNCS = "/api/v1/usage/syncs";

    private static String batch(String id, String... records) {
        return "{\"id\":\"" + id + "\",\"records\":[" + String.join(",", records) + "]}";
    }

    private static String record(String subject, int generations) {
        return "{\"subject\":\"" + subject + "\",\"quantities\":{\"ai_generation\":" + generations + "}}";
    }

    private void refuseUnknownSubjects(boolean refuse) {
        var answer = admin.with("If-Match", "*")
                .send(
                        "PATCH",
                        "/api/v1/organizations/acme",
                        "{\"unknown_subjects\":\"" + (refuse ? "refuse" : "create") + "\"}");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void batch_is_accepted_then_recorded_and_told_of() {
        // When
        var accepted = app.post(SYNCS, batch("s1", record("u", 2), record("v", 3)));
        var before = shown("u", "generations", "used");
        server.recordSyncs();
        // Then
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.at("state")).isEqualTo("pending");
        assertThat(accepted.at("records")).isEqualTo("2");
        assertThat(accepted.at("accepted_at")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(accepted.at("failure")).isEqualTo("null");
        assertThat(before).isEqualTo("0");
        var done = app.get(SYNCS + "/s1");
        assertThat(done.at("state")).isEqualTo("done");
        assertThat(done.at("recorded")).isEqualTo("2");
        assertThat(done.at("duplicates")).isEqualTo("0");
        assertThat(done.at("attempts")).isEqualTo("1");
        assertThat(shown("u", "generations", "used")).isEqualTo("2");
        assertThat(shown("v", "generations", "used")).isEqualTo("3");
    }

    @Test
    void batch_that_is_sent_again_is_the_same_one_and_counts_once() {
        // Given
        app.post(SYNCS, batch("s1", record("u", 2)));
        var pending = app.post(SYNCS, batch("s1", record("u", 2)));
        server.recordSyncs();
        // When
        var again = app.with("Idempotency-Key", "s1").post(SYNCS, "{\"records\":[" + record("u", 2) + "]}");
        var other = app.post(SYNCS, batch("s1", record("u", 5)));
        server.recordSyncs();
        // Then
        assertThat(pending.at("state")).isEqualTo("pending");
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.at("state")).isEqualTo("done");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.at("code")).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(shown("u", "generations", "used")).isEqualTo("2");
    }

    @Test
    void batch_that_was_forgotten_is_known_by_its_records() {
        // Given
        app.post(SYNCS, batch("s1", record("u", 2)));
        server.recordSyncs();
        server.clock.advance(Duration.ofDays(8));
        server.recordSyncs();
        assertThat(app.get(SYNCS + "/s1").status()).isEqualTo(404);
        // When
        app.post(SYNCS, batch("s1", record("u", 2)));
        server.recordSyncs();
        // Then
        var done = app.get(SYNCS + "/s1");
        assertThat(done.at("recorded")).isEqualTo("0");
        assertThat(done.at("duplicates")).isEqualTo("1");
        assertThat(shown("u", "generations", "used")).isEqualTo("2");
    }

    @Test
    void records_count_at_the_time_of_acceptance_whenever_they_are_recorded() {
        // Given
        app.post(SYNCS, batch("s1", record("u", 2)));
        // When
        server.clock.advance(Duration.ofDays(30));
        server.recordSyncs();
        // Then
        assertThat(app.get(SYNCS + "/s1").at("state")).isEqualTo("done");
        assertThat(shown("u", "generations", "used")).isEqualTo("0");
        assertThat(server.sum("acme", "generations", "u", ApiServer.START)).isEqualTo(2);
    }

    @Test
    void what_can_be_seen_to_be_wrong_is_refused_at_once_and_nothing_is_kept() {
        // When
        var unknown =
                app.post(SYNCS, batch("s1", record("u", 1), "{\"subject\":\"u\",\"quantities\":{\"nothing\":1}}"));
        var none = app.post(SYNCS, batch("s1"));
        var noList = app.post(SYNCS, "{\"records\":" + record("u", 1) + "}");
        var foreign = app.post(SYNCS, batch("s1", "{\"organization\":\"globex\",\"quantities\":{\"requests\":1}}"));
        // Then
        for (var answer : List.of(unknown, none, noList)) {
            assertThat(answer.status()).isEqualTo(400);
        }
        assertThat(unknown.at("pointer")).startsWith("/records/1/quantities");
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(app.get(SYNCS).at("syncs")).isEqualTo("[]");
    }

    @Test
    void batch_that_cannot_be_recorded_is_tried_five_times_more_and_parked() {
        // Given
        refuseUnknownSubjects(true);
        app.post(SYNCS, batch("s1", record("user-1", 1), record("newcomer", 2)));
        server.recordSyncs();
        var waiting = app.get(SYNCS + "/s1");
        // When
        for (int seconds : new int[] {1, 4, 16, 64}) {
            server.clock.advance(Duration.ofSeconds(seconds - 1));
            server.recordSyncs();
            server.clock.advance(Duration.ofSeconds(1));
            server.recordSyncs();
        }
        var last = app.get(SYNCS + "/s1");
        server.clock.advance(Duration.ofSeconds(256));
        server.recordSyncs();
        // Then
        assertThat(waiting.at("state")).isEqualTo("pending");
        assertThat(waiting.at("attempts")).isEqualTo("1");
        assertThat(waiting.at("next_attempt_at")).isEqualTo("2026-11-22T10:00:01Z");
        assertThat(waiting.at("failure/code")).isEqualTo("SUBJECT_UNKNOWN");
        assertThat(last.at("state")).isEqualTo("pending");
        assertThat(last.at("attempts")).isEqualTo("5");
        var parked = app.get(SYNCS + "?state=parked");
        assertThat(parked.at("syncs/0/id")).isEqualTo("s1");
        assertThat(parked.at("syncs/0/attempts")).isEqualTo("6");
        assertThat(parked.at("syncs/0/parked_at")).isEqualTo("2026-11-22T10:05:41Z");
        assertThat(parked.at("syncs/0/failure/detail")).contains("'newcomer'");
        // All or nothing: the subject that is known has nothing of it.
        assertThat(shown("user-1", "generations", "used")).isEqualTo("0");
    }

    @Test
    void parked_batch_is_recorded_once_it_can_be_and_somebody_resumes_it() {
        // Given
        refuseUnknownSubjects(true);
        app.post(SYNCS, batch("s1", record("newcomer", 2)));
        for (int i = 0; i < 6; i++) {
            server.recordSyncs();
            server.clock.advance(Duration.ofSeconds(256));
        }
        assertThat(app.get(SYNCS + "/s1").at("state")).isEqualTo("parked");
        refuseUnknownSubjects(false);
        server.recordSyncs();
        assertThat(app.get(SYNCS + "/s1").at("state")).isEqualTo("parked");
        // When
        var resumed = app.post(SYNCS + "/s1/resume", "");
        server.recordSyncs();
        // Then
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.at("state")).isEqualTo("pending");
        assertThat(resumed.at("attempts")).isEqualTo("0");
        assertThat(app.get(SYNCS + "/s1").at("recorded")).isEqualTo("1");
        assertThat(app.post(SYNCS + "/s1/resume", "").at("state")).isEqualTo("done");
        assertThat(shown("newcomer", "generations", "used")).isEqualTo("2");
    }

    @Test
    void batch_with_an_id_of_other_content_is_parked_at_once() {
        // Given
        app.post(RECORDS, "{\"id\":\"e1\",\"subject\":\"u\",\"quantities\":{\"ai_generation\":2}}");
        app.post(
                SYNCS,
                batch("s1", record("u", 1), "{\"id\":\"e1\",\"subject\":\"u\",\"quantities\":{\"ai_generation\":3}}"));
        // When
        server.recordSyncs();
        // Then
        var parked = app.get(SYNCS + "/s1");
        assertThat(parked.at("state")).isEqualTo("parked");
        assertThat(parked.at("attempts")).isEqualTo("1");
        assertThat(parked.at("failure/code")).isEqualTo("IDEMPOTENCY_MISMATCH");
        assertThat(parked.at("failure/detail")).startsWith("/1: ");
        assertThat(shown("u", "generations", "used")).isEqualTo("2");
    }

    @Test
    void only_an_admin_gives_a_parked_batch_up_and_the_audit_log_says_so() {
        // Given
        app.post(RECORDS, "{\"id\":\"e1\",\"subject\":\"u\",\"quantities\":{\"ai_generation\":2}}");
        app.post(SYNCS, batch("bad", "{\"id\":\"e1\",\"subject\":\"u\",\"quantities\":{\"ai_generation\":3}}"));
        server.recordSyncs();
        app.post(SYNCS, batch("good", record("u", 1)));
        // When
        var refused = app.send("DELETE", SYNCS + "/bad", "");
        var pending = admin.send("DELETE", SYNCS + "/good?organization=acme", "");
        var gone = admin.send("DELETE", SYNCS + "/bad?organization=acme", "");
        // Then
        assertThat(refused.status()).isEqualTo(403);
        assertThat(pending.status()).isEqualTo(409);
        assertThat(pending.at("code")).isEqualTo("SYNC_NOT_PARKED");
        assertThat(gone.status()).isEqualTo(204);
        assertThat(app.get(SYNCS + "/bad").status()).isEqualTo(404);
        var noted = admin.get("/api/v1/audit-log?kind=sync");
        assertThat(noted.at("entries/0/action")).isEqualTo("deleted");
        assertThat(noted.at("entries/0/key")).isEqualTo("bad");
    }

    @Test
    void list_is_paged_and_filtered() {
        // Given
        for (var id : List.of("c", "a", "b")) {
            app.post(SYNCS, batch(id, record("u", 1)));
        }
        // When
        var first = app.get(SYNCS + "?limit=2");
        var second = app.get(SYNCS + "?limit=2&cursor=" + first.at("next_cursor"));
        var wrong = app.get(SYNCS + "?state=lost");
        // Then
        assertThat(first.at("syncs/0/id") + first.at("syncs/1/id")).isEqualTo("ab");
        assertThat(second.at("syncs/0/id")).isEqualTo("c");
        assertThat(second.at("next_cursor")).isEqualTo("null");
        assertThat(wrong.status()).isEqualTo(400);
    }

    @Test
    void batch_outlives_the_key_that_sent_it_and_a_restart() {
        // Given
        var key = admin.post("/api/v1/keys", "{\"organization\":\"acme\",\"role\":\"service\"}");
        server.as(key.at("secret")).post(SYNCS, batch("s1", record("u", 2)));
        admin.send("DELETE", "/api/v1/keys/" + key.at("id"), "");
        server.close();
        server = ApiServer.in(directory);
        app = server.service();
        // When
        server.recordSyncs();
        // Then
        assertThat(app.get(SYNCS + "/s1").at("state")).isEqualTo("done");
        assertThat(shown("u", "generations", "used")).isEqualTo("2");
    }
}
