package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files and the API change the same things, and delete only what is theirs. */
class OwnershipTest extends ServerTest {
    private static final String PRUNE = APPLY + "?prune=true";

    /** The file without its second subject and its third plan. */
    private static String smaller() {
        return resource("/plans.yaml")
                .replaceFirst("(?m)^ +- [{] key: user-2.*\n", "")
                .replaceFirst("(?m)^ +anonymous_plan.*\n", "")
                .replaceFirst("(?m)^ +- [{] key: anonymous.*\n", "");
    }

    @Test
    void file_prunes_what_a_file_made_and_nothing_of_the_api() {
        // Given
        admin.post("/api/v1/plans", "{\"key\":\"team\"}");
        admin.post("/api/v1/subjects?organization=acme", "{\"key\":\"bo\",\"plan\":\"team\"}");
        var dry = admin.post(PRUNE + "&dry_run=true", smaller());
        // When
        var applied = admin.post(PRUNE, smaller());
        // Then
        assertThat(dry.at("deleted")).isEqualTo("2");
        assertThat(applied.at("deleted")).isEqualTo("2");
        assertThat(applied.at("changed")).isEqualTo("1");
        assertThat(applied.at("changes/9/change")).isEqualTo("deleted");
        assertThat(admin.get("/api/v1/plans/anonymous").status()).isEqualTo(404);
        assertThat(admin.get("/api/v1/subjects/user-2?organization=acme").at("declared"))
                .isEqualTo("false");
        assertThat(admin.get("/api/v1/plans/team").at("managed_by")).isEqualTo("api");
        assertThat(admin.get("/api/v1/subjects/bo?organization=acme").at("declared"))
                .isEqualTo("true");
        assertThat(admin.post(PRUNE, smaller()).at("deleted")).isEqualTo("0");
    }

    @Test
    void file_without_prune_deletes_nothing() {
        // When
        var applied = admin.post(APPLY, smaller());
        // Then
        assertThat(applied.at("deleted")).isEqualTo("0");
        assertThat(admin.get("/api/v1/plans/anonymous").status()).isEqualTo(200);
    }

    @Test
    void file_that_would_prune_what_is_needed_changes_nothing() {
        // Given
        admin.post("/api/v1/subjects?organization=acme", "{\"key\":\"bo\",\"plan\":\"pro\"}");
        var file = resource("/plans.yaml")
                .replaceFirst("(?m)^ +- [{] key: pro,.*\n", "")
                .replace(", plan: pro", "")
                .replace("name: Acme Inc.", "name: Other");
        // When
        var refused = admin.post(PRUNE, file);
        // Then
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("detail")).isEqualTo("Plan 'pro' is in use by subject 'bo' of organization 'acme'.");
        assertThat(admin.get("/api/v1/organizations/acme").at("name")).isEqualTo("Acme Inc.");
    }

    @Test
    void api_changes_what_a_file_made_but_deletes_it_only_once_it_is_its_own() {
        // Given
        var plan = "/api/v1/plans/pro";
        var blindly = admin.with("If-Match", "*");
        var changed = blindly.send("PATCH", plan, "{\"priority\":11}");
        // When
        var refused = blindly.send("DELETE", "/api/v1/subjects/user-1?organization=acme", "");
        var taken = blindly.send("PATCH", "/api/v1/subjects/user-1?organization=acme", "{\"managed_by\":\"api\"}");
        var deleted = blindly.send("DELETE", "/api/v1/subjects/user-1?organization=acme", "");
        // Then
        assertThat(changed.at("managed_by")).isEqualTo("apply");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("code")).isEqualTo("DECLARED_BY_FILE");
        assertThat(taken.at("managed_by")).isEqualTo("api");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(admin.post(APPLY, resource("/plans.yaml")).at("created")).isEqualTo("1");
        assertThat(admin.get(plan).at("priority")).isEqualTo("10");
    }

    @Test
    void file_may_not_say_whose_things_are() {
        // When
        var refused = admin.post(APPLY, "plans: [ { key: p, managed_by: api } ]");
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo("/plans/0/managed_by");
    }

    @Test
    void of_many_who_have_read_the_same_exactly_one_changes_it() throws Exception {
        // Given
        var tag = admin.get("/api/v1/plans/free").header("etag");
        var client = admin.with("If-Match", tag);
        // When
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = executor.invokeAll(IntStream.range(0, 20)
                    .mapToObj(i -> (Callable<Integer>)
                            () -> client.send("PATCH", "/api/v1/plans/free", "{\"priority\":" + (100 + i) + "}")
                                    .status())
                    .toList());
            // Then
            var statuses =
                    answers.stream().map(future -> future.resultNow()).sorted().toList();
            assertThat(statuses).hasSize(20).startsWith(200, 412).endsWith(412);
        }
        assertThat(admin.get("/api/v1/audit-log?kind=plan&key=free")
                        .json()
                        .fields()
                        .items("entries"))
                .hasSize(2);
    }
}
