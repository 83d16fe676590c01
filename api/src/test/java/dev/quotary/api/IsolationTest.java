package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.api.Operations.Operation;
import dev.quotary.api.Operations.Things;
import dev.quotary.catalog.Role;
import dev.quotary.http.Documents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every operation of the API with every wrong key. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
class IsolationTest extends ServerTest {
    /** Stands in everything that belongs to acme alone. */
    private static final String MARK = "mark-of-acme";

    private static final String ADA = "ada-" + MARK;
    private static final String KEYS = "/api/v1/keys";
    /** They need no key. */
    private static final Set<String> OPEN =
            Set.of("GET /api/v1/openapi.yaml", "GET /healthz", "GET /readyz", "POST /api/v1/webhooks/{key}/{webhook}");

    private static final Things NEVER = new Things(
            "rsv_00000000000000000000000000000001",
            "evt_00000000000000000000000000000001",
            "key_000000000000000000000001",
            "nobody-" + MARK,
            "nowhere",
            "anon_0000000000000001_000000000000000000000001",
            "sync-of-nobody");

    private Things acmes;
    private ApiClient reader;
    private final Map<String, ApiClient> clients = new HashMap<>();

    @BeforeEach
    void thingsOfAcme() {
        admin.post(APPLY, "organizations: [ { key: globex, name: Globex, plan: free } ]");
        held("theirs", "\"subject\":\"" + ADA + "\",\"feature\":\"" + MARK + "\",\"quantities\":{\"requests\":1}");
        var reservation = app.get(RESERVATIONS + "/theirs").at("id");
        var event = app.post(
                        RECORDS,
                        "{\"subject\":\"" + ADA + "\",\"feature\":\"" + MARK
                                + "\",\"quantities\":{\"requests\":1,\"ai_generation\":3}}")
                .at("events/0/id");
        var key = admin.post(KEYS, "{\"organization\":\"acme\",\"role\":\"service\",\"name\":\"" + MARK + "\"}");
        reader = server.as(server.key(Role.READ, "acme", null));
        var visitor = app.post("/api/v1/anonymous-sessions", "{\"client_address\":\"203.0.113.9\"}")
                .at("subject");
        var sync = app.post(
                        "/api/v1/usage/syncs",
                        "{\"id\":\"sync-" + MARK + "\",\"records\":[{\"subject\":\"" + ADA
                                + "\",\"quantities\":{\"requests\":1}}]}")
                .at("id");
        acmes = new Things(reservation, event, key.at("id"), ADA, "acme", visitor, sync);
    }

    private ApiClient.Answer send(ApiClient client, Operation operation, Things things) {
        return client.send(operation.method(), operation.target(things), operation.body(things));
    }

    /** What acme has, as its own reader sees it, and its keys. */
    private Map<String, String> acme() {
        var seen = new LinkedHashMap<String, String>();
        for (var path : List.of(
                STATUS + "?subject=" + ADA,
                RESERVATIONS + "/" + acmes.reservation(),
                "/api/v1/usage/events/" + acmes.event(),
                "/api/v1/usage/syncs/" + acmes.sync(),
                "/api/v1/subjects/" + ADA,
                "/api/v1/subjects/" + acmes.visitor(),
                "/api/v1/subjects/" + ADA + "/resets",
                "/api/v1/organizations",
                "/api/v1/prices",
                "/api/v1/plans")) {
            seen.put(path, reader.get(path).body());
        }
        seen.put(KEYS, admin.get(KEYS + "/" + acmes.key()).body());
        return seen;
    }

    private ApiClient portal(String organization, String subject) {
        var backend = server.as(server.key(Role.SERVICE, organization, null));
        return server.as(backend.post("/api/v1/portal-tokens", "{\"subject\":\"" + subject + "\"}")
                .at("token"));
    }

    private ApiClient as(Role role, String organization, String subject) {
        return clients.computeIfAbsent(
                role + " " + organization + " " + subject, _ -> client(role, organization, subject));
    }

    private ApiClient client(Role role, String organization, String subject) {
        return switch (role) {
            case PORTAL -> portal(organization, subject);
            case SUBJECT -> server.as(server.key(role, organization, subject));
            case ADMIN, SERVICE, READ -> server.as(server.key(role, organization, null));
        };
    }

    @Test
    void every_operation_of_server_and_contract_is_tried_and_its_roles_are_meant() {
        // Given
        var tried = Operations.ALL.stream()
                .collect(Collectors.toMap(
                        operation -> template(operation.name()), operation -> new TreeSet<>(operation.roles())));
        // When
        var served = server.api.routes().stream()
                .collect(Collectors.toMap(
                        route -> template(route.method() + " " + route.path()), route -> new TreeSet<>(route.roles())));
        var promised = new TreeSet<String>();
        Documents.yaml(resource("/openapi.yaml"))
                .fields()
                .need("paths")
                .entries()
                .forEach((path, item) -> item.entries().keySet().stream()
                        .filter(method ->
                                Set.of("get", "post", "put", "patch", "delete").contains(method))
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + path)
                        .filter(operation -> !OPEN.contains(operation))
                        .forEach(operation -> promised.add(template(operation))));
        // Then
        assertThat(tried).as("Operations.ALL against UsageApi").isEqualTo(served);
        assertThat(promised).as("openapi.yaml").isEqualTo(new TreeSet<>(tried.keySet()));
    }

    /** Whatever the parameters are called. */
    private static String template(String operation) {
        return operation.replaceAll("\\{[^}]*}", "{}").replace("/providers/openai/", "/providers/{}/");
    }

    @Test
    void nobody_gets_in_without_a_key_that_is_good_now() {
        // Given
        var expiring = admin.post(KEYS, "{\"role\":\"admin\",\"expires_at\":\"2026-11-22T10:05:00Z\"}");
        var revoked = admin.post(KEYS, "{\"role\":\"admin\"}");
        admin.send("DELETE", KEYS + "/" + revoked.at("id"), "");
        var replaced = admin.post(KEYS, "{\"role\":\"admin\"}");
        admin.post(KEYS + "/" + replaced.at("id") + "/rotate", "{\"overlap_seconds\":0}");
        var token = app.post("/api/v1/portal-tokens", "{\"subject\":\"" + ADA + "\",\"ttl_seconds\":300}")
                .at("token");
        server.clock.advance(Duration.ofMinutes(5));
        var before = acme();
        var wrong = Map.of(
                "none",
                "",
                "unknown",
                "qk_live_" + "0".repeat(64),
                "no key",
                "x",
                "expired",
                expiring.at("secret"),
                "revoked",
                revoked.at("secret"),
                "replaced",
                replaced.at("secret"),
                "expired token",
                token,
                "forged token",
                token.substring(0, token.length() - 3) + "AAA");
        for (var operation : Operations.ALL) {
            for (var key : wrong.entrySet()) {
                // When
                var answer = send(server.as(key.getValue()), operation, acmes);
                // Then
                assertThat(answer.status())
                        .as(operation.name() + " with key: " + key.getKey())
                        .isEqualTo(401);
            }
        }
        assertThat(acme()).isEqualTo(before);
    }

    @Test
    void key_of_a_role_that_may_not_is_403_and_changes_nothing() {
        // Given
        var before = acme();
        for (var role : Role.values()) {
            var client = as(role, "acme", ADA);
            for (var operation : Operations.ALL) {
                if (operation.roles().contains(role)) {
                    continue;
                }
                // When
                var answer = send(client, operation, acmes);
                // Then
                assertThat(answer.status()).as(operation.name() + " as " + role).isEqualTo(403);
                assertThat(answer.at("code")).isEqualTo("FORBIDDEN");
            }
        }
        assertThat(acme()).isEqualTo(before);
    }

    @Test
    void admin_of_an_organization_does_not_touch_what_is_the_whole_servers() {
        // Given
        var client = server.adminOf("acme");
        for (var operation : Operations.ALL) {
            if (!operation.server()) {
                continue;
            }
            // When
            var answer = send(client, operation, acmes);
            // Then
            assertThat(answer.status()).as(operation.name()).isEqualTo(403);
        }
    }

    @Test
    void key_of_another_organization_learns_nothing_and_moves_nothing() {
        // Given
        var before = acme();
        for (var role : Role.values()) {
            for (var operation : Operations.ALL) {
                var client = as(role, "globex", ADA);
                // When
                var theirs = send(client, operation, acmes);
                var never = send(as(role, "globex", NEVER.subject()), operation, NEVER);
                // Then
                var what = operation.name() + " as " + role + " of globex";
                assertThat(theirs.status()).as(what).isEqualTo(never.status());
                if (theirs.status() >= 400) {
                    assertThat(acmes.hidden(theirs.body())).as(what).isEqualTo(NEVER.hidden(never.body()));
                }
                // What this very key has made itself under these names is its own.
                assertThat(NEVER.hidden(acmes.hidden(theirs.body()))).as(what).doesNotContain(MARK, "Acme Inc.");
                assertThat(acme()).as(what).isEqualTo(before);
            }
        }
    }

    @Test
    void key_of_another_organization_that_names_this_one_is_told_off_whatever_exists() {
        // Given
        var before = acme();
        for (var role : Role.values()) {
            for (var operation : Operations.ALL) {
                for (var organization : List.of("acme", "nowhere")) {
                    var client = as(role, "globex", ADA);
                    // When
                    var answers = namings(client, operation, organization);
                    // Then
                    for (var answer : answers) {
                        var what = operation.name() + " as " + role + " of globex for " + organization;
                        assertThat(acmes.hidden(answer.body())).as(what).doesNotContain(MARK, "Acme Inc.");
                    }
                    assertThat(acme()).isEqualTo(before);
                }
            }
        }
    }

    /** A request that names an organization in each way there is. */
    private List<ApiClient.Answer> namings(ApiClient client, Operation operation, String organization) {
        var answers = new ArrayList<ApiClient.Answer>();
        var target = operation.target(acmes);
        var body = operation.body(acmes);
        answers.add(client.with("X-Quotary-Organization", organization).send(operation.method(), target, body));
        answers.add(client.send(
                operation.method(),
                target + (target.contains("?") ? "&" : "?") + "organization=" + organization,
                body));
        if (body.startsWith("{")) {
            var member = "{\"organization\":\"" + organization + "\"" + (body.equals("{}") ? "" : ",");
            answers.add(client.send(operation.method(), target, member + body.substring(1)));
        }
        return answers;
    }

    @Test
    void subject_learns_nothing_of_another_and_moves_nothing() {
        // Given
        var before = acme();
        for (var role : List.of(Role.SUBJECT, Role.PORTAL)) {
            for (var operation : Operations.ALL) {
                if (!operation.roles().contains(role)) {
                    continue;
                }
                // When
                var theirs = send(as(role, "acme", "bob"), operation, acmes);
                var never = send(as(role, "acme", "bob"), operation, NEVER);
                // Then
                var what = operation.name() + " as " + role + " bob";
                assertThat(theirs.status()).as(what).isEqualTo(never.status());
                assertThat(acmes.hidden(theirs.body())).as(what).doesNotContain(MARK);
                if (theirs.status() >= 400) {
                    assertThat(acmes.hidden(theirs.body())).as(what).isEqualTo(NEVER.hidden(never.body()));
                }
                assertThat(acme()).as(what).isEqualTo(before);
            }
            var named = as(role, "acme", "bob").get(STATUS + "?subject=" + ADA);
            assertThat(named.status()).isEqualTo(403);
        }
    }
}
