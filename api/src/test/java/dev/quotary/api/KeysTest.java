package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import dev.quotary.http.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysTest extends ServerTest {
    private static final String KEYS = "/api/v1/keys";
    private static final String SERVICE = "{\"organization\":\"acme\",\"role\":\"service\",\"name\":\"backend\"}";

    @BeforeEach
    void anotherOrganization() {
        admin.post(APPLY, "organizations: [ { key: globex, plan: free } ]");
    }

    private static String pathOf(ApiClient.Answer made) {
        return KEYS + "/" + made.at("id");
    }

    private int statusOf(String secret) {
        return server.as(secret).post(CHECK, "{}").status();
    }

    @Test
    void rotated_key_opens_by_both_secrets_until_the_overlap_ends() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        // When
        var rotated = admin.post(pathOf(made) + "/rotate", "{\"overlap_seconds\":3600}");
        // Then
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.at("id")).isEqualTo(made.at("id"));
        assertThat(rotated.at("secret")).isNotEqualTo(made.at("secret"));
        assertThat(rotated.at("retired/0/prefix")).isEqualTo(made.at("prefix"));
        assertThat(rotated.at("retired/0/until")).isEqualTo("2026-11-22T11:00:00Z");
        assertThat(statusOf(made.at("secret"))).isEqualTo(200);
        server.clock.advance(Duration.ofSeconds(3599));
        assertThat(statusOf(made.at("secret"))).isEqualTo(200);
        server.clock.advance(Duration.ofSeconds(1));
        assertThat(statusOf(made.at("secret"))).isEqualTo(401);
        assertThat(statusOf(rotated.at("secret"))).isEqualTo(200);
        assertThat(admin.get(pathOf(made)).json().fields().items("retired")).isEmpty();
    }

    @Test
    void repeated_rotation_does_not_end_the_secret_that_everybody_still_uses() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        var lost = admin.post(pathOf(made) + "/rotate", "");
        // When
        var rotated = admin.post(pathOf(made) + "/rotate", "");
        // Then
        assertThat(rotated.json().fields().items("retired")).hasSize(2);
        assertThat(List.of(statusOf(made.at("secret")), statusOf(lost.at("secret")), statusOf(rotated.at("secret"))))
                .containsOnly(200);
    }

    @Test
    void rotation_without_overlap_ends_all_earlier_secrets_at_once() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        var second = admin.post(pathOf(made) + "/rotate", "");
        // When
        var third = admin.post(pathOf(made) + "/rotate", "{\"overlap_seconds\":0}");
        // Then
        assertThat(third.json().fields().items("retired")).isEmpty();
        assertThat(statusOf(made.at("secret"))).isEqualTo(401);
        assertThat(statusOf(second.at("secret"))).isEqualTo(401);
        assertThat(statusOf(third.at("secret"))).isEqualTo(200);
    }

    @Test
    void fifth_secret_beside_four_that_are_still_good_is_refused_and_changes_nothing() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        var last = made;
        for (int i = 0; i < 4; i++) {
            last = admin.post(pathOf(made) + "/rotate", "");
        }
        // When
        var refused = admin.post(pathOf(made) + "/rotate", "");
        // Then
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.at("code")).isEqualTo("KEY_UNCHANGEABLE");
        assertThat(statusOf(made.at("secret"))).isEqualTo(200);
        assertThat(statusOf(last.at("secret"))).isEqualTo(200);
    }

    @Test
    void rotation_does_not_renew_what_the_key_may_use() {
        // Given
        admin.post(APPLY, """
                plans: [ { key: keyed, limits: [ { key: per-key, meter: requests, per: key, window: day, max: 2 } ] } ]
                organizations: [ { key: acme, plan: keyed } ]
                """);
        var made = admin.post(KEYS, SERVICE);
        var other = server.service();
        var one = "{\"subject\":\"bob\",\"quantities\":{\"requests\":1}}";
        var old = server.as(made.at("secret"));
        assertThat(List.of(
                        old.post(RESERVATIONS, one).status(),
                        old.post(RESERVATIONS, one).status()))
                .containsOnly(201);
        // When
        var rotated = server.as(admin.post(pathOf(made) + "/rotate", "").at("secret"));
        var denied = rotated.post(RESERVATIONS, one);
        // Then
        assertThat(denied.status()).isEqualTo(402);
        assertThat(denied.at("violations/0/limit")).isEqualTo("per-key");
        assertThat(denied.at("violations/0/scope")).isEqualTo("key:" + made.at("id"));
        assertThat(old.post(RESERVATIONS, one).status()).isEqualTo(402);
        assertThat(other.post(RESERVATIONS, one).status()).isEqualTo(201);
    }

    @Test
    void revoked_key_is_401_with_all_of_its_secrets_and_stays_in_the_list() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        var rotated = admin.post(pathOf(made) + "/rotate", "");
        // When
        var revoked = admin.send("DELETE", pathOf(made), "");
        server.clock.advance(Duration.ofMinutes(1));
        var again = admin.send("DELETE", pathOf(made), "");
        // Then
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.at("revoked_at")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(again.body()).isEqualTo(revoked.body());
        assertThat(statusOf(made.at("secret"))).isEqualTo(401);
        assertThat(statusOf(rotated.at("secret"))).isEqualTo(401);
        assertThat(admin.get(pathOf(made)).at("revoked_at")).isEqualTo("2026-11-22T10:00:00Z");
        var back = admin.post(pathOf(made) + "/rotate", "");
        assertThat(back.status()).isEqualTo(409);
        assertThat(back.at("code")).isEqualTo("KEY_UNCHANGEABLE");
    }

    @Test
    void keys_stay_as_they_are_over_a_restart() {
        // Given
        var revoked = admin.post(KEYS, SERVICE);
        var made = admin.post(KEYS, SERVICE);
        var rotated = admin.post(pathOf(made) + "/rotate", "{\"overlap_seconds\":60}");
        admin.send("DELETE", pathOf(revoked), "");
        // When
        server.close();
        server = ApiServer.in(directory);
        // Then
        assertThat(statusOf(revoked.at("secret"))).isEqualTo(401);
        assertThat(statusOf(made.at("secret"))).isEqualTo(200);
        assertThat(statusOf(rotated.at("secret"))).isEqualTo(200);
        server.clock.advance(Duration.ofSeconds(60));
        assertThat(statusOf(made.at("secret"))).isEqualTo(401);
    }

    @Test
    void last_key_that_can_administer_the_server_is_not_revoked() {
        // Given
        var own = admin.get(KEYS).json().fields().items("keys").stream()
                .map(Value::fields)
                .filter(key -> key.need("role").string().equals("admin"))
                .map(key -> key.need("id").string())
                .findFirst()
                .orElseThrow();
        server.adminOf("acme");
        // When
        var refused = admin.send("DELETE", KEYS + "/" + own, "");
        // Then
        assertThat(refused.status()).isEqualTo(409);
        assertThat(admin.get(KEYS).status()).isEqualTo(200);
    }

    @Test
    void all_but_one_of_the_admins_that_revoke_each_other_at_once_are_revoked() throws Exception {
        // Given
        var made = new ArrayList<String>();
        made.add("/api/v1/keys/"
                + admin.get(KEYS)
                        .json()
                        .fields()
                        .items("keys")
                        .getFirst()
                        .fields()
                        .need("id")
                        .string());
        IntStream.range(0, 5).forEach(_ -> made.add(pathOf(admin.post(KEYS, "{\"role\":\"admin\"}"))));
        var keeper = server.as(server.key(Role.ADMIN, null, null));
        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(made.stream()
                    .map(path -> (Callable<Integer>)
                            () -> keeper.send("DELETE", path, "").status())
                    .toList());
        }
        // Then
        var left = keeper.get(KEYS).json().fields().items("keys").stream()
                .map(Value::fields)
                .filter(key -> key.need("role").string().equals("admin") && !key.has("revoked_at"))
                .toList();
        assertThat(left).hasSize(1);
    }

    @Test
    void admin_of_an_organization_neither_sees_nor_changes_keys_of_another() {
        // Given
        var theirs = admin.post(KEYS, "{\"organization\":\"globex\",\"role\":\"service\"}");
        var servers = admin.post(KEYS, "{\"role\":\"admin\"}");
        var acme = server.adminOf("acme");
        // When
        var answers = List.of(
                acme.get(pathOf(theirs)),
                acme.get(pathOf(servers)),
                acme.post(pathOf(theirs) + "/rotate", ""),
                acme.send("DELETE", pathOf(theirs), ""),
                acme.send("DELETE", pathOf(servers), ""));
        var never = acme.get(KEYS + "/key_000000000000000000000000");
        // Then
        assertThat(answers).extracting(ApiClient.Answer::status).containsOnly(404);
        assertThat(answers).extracting(ApiClient.Answer::body).containsOnly(never.body());
        assertThat(statusOf(theirs.at("secret"))).isEqualTo(200);
        assertThat(acme.get(KEYS).body()).doesNotContain(theirs.at("id"), servers.at("id"));
    }

    @Test
    void list_comes_in_pages_and_never_shows_a_secret_or_its_hash() {
        // Given
        var secrets = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            secrets.add(admin.post(KEYS, SERVICE).at("secret"));
        }
        var all = admin.get(KEYS + "?organization=acme");
        // When
        var ids = new ArrayList<String>();
        var cursor = "";
        int pages = 0;
        do {
            var page = admin.get(KEYS + "?organization=acme&limit=3" + cursor);
            page.json()
                    .fields()
                    .items("keys")
                    .forEach(key -> ids.add(key.fields().need("id").string()));
            cursor = "&cursor=" + page.at("next_cursor");
            pages++;
        } while (!cursor.equals("&cursor=null"));
        // Then
        assertThat(pages).isEqualTo(3);
        assertThat(ids).hasSize(8).isSorted().doesNotHaveDuplicates();
        assertThat(all.at("next_cursor")).isEqualTo("null");
        for (var secret : secrets) {
            assertThat(all.body()).doesNotContain(secret, dev.quotary.http.KeyRing.hash(secret));
        }
    }

    @Test
    void bad_pages_overlaps_and_ends_are_400() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        // When
        var answers = List.of(
                admin.get(KEYS + "?limit=0"),
                admin.get(KEYS + "?limit=1001"),
                admin.get(KEYS + "?limit=x"),
                admin.get(KEYS + "?cursor=x"),
                admin.post(pathOf(made) + "/rotate", "{\"overlap_seconds\":-1}"),
                admin.post(pathOf(made) + "/rotate", "{\"overlap_seconds\":2592001}"),
                admin.post(pathOf(made) + "/rotate", "{\"overlap\":1}"),
                admin.post(KEYS, "{\"role\":\"portal\",\"organization\":\"acme\",\"subject\":\"ada\"}"),
                admin.post(
                        KEYS,
                        "{\"role\":\"service\",\"organization\":\"acme\",\"expires_at\":\"2026-11-22T10:00:00Z\"}"));
        // Then
        assertThat(answers).extracting(ApiClient.Answer::status).containsOnly(400);
        assertThat(admin.get(KEYS + "/%00%ff").status()).isEqualTo(404);
    }

    @Test
    void last_use_is_told_to_a_minute_and_known_after_a_restart() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        assertThat(made.at("last_used_at")).isEqualTo("null");
        statusOf(made.at("secret"));
        server.clock.advance(Duration.ofSeconds(59));
        statusOf(made.at("secret"));
        var early = admin.get(pathOf(made)).at("last_used_at");
        server.clock.advance(Duration.ofSeconds(1));
        statusOf(made.at("secret"));
        // When
        server.keyUses.step();
        server.close();
        server = ApiServer.in(directory);
        server.keyUses.step();
        // Then
        assertThat(early).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(server.admin().get(pathOf(made)).at("last_used_at")).isEqualTo("2026-11-22T10:01:00Z");
    }

    @Test
    void use_of_a_key_that_does_not_open_is_no_use() {
        // Given
        var made = admin.post(KEYS, SERVICE);
        admin.send("DELETE", pathOf(made), "");
        // When
        statusOf(made.at("secret"));
        // Then
        assertThat(admin.get(pathOf(made)).at("last_used_at")).isEqualTo("null");
    }
}
