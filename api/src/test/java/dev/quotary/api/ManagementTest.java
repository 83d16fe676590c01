package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.api.ApiClient.Answer;
import dev.quotary.catalog.Role;
import dev.quotary.http.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The management API: making, reading, changing and deleting what is declared. */
class ManagementTest extends ServerTest {
    private static final String PLANS = "/api/v1/plans";
    private static final String METERS = "/api/v1/meters";
    private static final String ORGANIZATIONS = "/api/v1/organizations";
    private static final String SUBJECTS = "/api/v1/subjects";
    private static final String ACME = "?organization=acme";

    private ApiClient matching(Answer seen) {
        return admin.with("If-Match", seen.header("etag"));
    }

    private ApiClient blindly() {
        return admin.with("If-Match", "*");
    }

    private static List<String> keys(Answer page, String list) {
        return page.json().fields().items(list).stream()
                .map(item -> item.fields().need("key").string())
                .toList();
    }

    @Test
    void organization_is_made_read_changed_and_deleted() {
        // When
        var made = admin.post(ORGANIZATIONS, "{\"key\":\"globex\",\"name\":\"Globex\",\"plan\":\"free\"}");
        var read = admin.get(ORGANIZATIONS + "/globex");
        var changed =
                matching(read).send("PATCH", ORGANIZATIONS + "/globex", "{\"time_zone\":\"Asia/Tokyo\",\"plan\":null}");
        var deleted = matching(changed).send("DELETE", ORGANIZATIONS + "/globex", "");
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.at("managed_by")).isEqualTo("api");
        assertThat(read.body()).isEqualTo(made.body());
        assertThat(read.header("etag")).matches("\"[0-9a-f]{32}\"").isEqualTo(made.header("etag"));
        assertThat(changed.body())
                .isEqualTo(
                        "{\"key\":\"globex\",\"name\":\"Globex\",\"time_zone\":\"Asia/Tokyo\",\"managed_by\":\"api\"}");
        assertThat(changed.header("etag")).isNotEqualTo(read.header("etag"));
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(admin.get(ORGANIZATIONS + "/globex").status()).isEqualTo(404);
        assertThat(admin.with("If-Match", "*")
                        .send("DELETE", ORGANIZATIONS + "/globex", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void what_is_read_can_be_sent_back_as_it_is() {
        for (var path : List.of(
                ORGANIZATIONS + "/acme", PLANS + "/free", METERS + "/tokens_used", SUBJECTS + "/user-2" + ACME)) {
            // Given
            var read = admin.get(path);
            // When
            var again = matching(read).send("PUT", path, read.body());
            // Then
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.body()).isEqualTo(read.body());
            assertThat(again.header("etag")).isEqualTo(read.header("etag"));
        }
    }

    @Test
    void put_that_is_repeated_without_a_condition_is_done_once_and_answered_again() {
        // Given
        var path = SUBJECTS + "/again" + ACME;
        var first = admin.send("PUT", path, "{\"plan\":\"free\"}");
        // When
        var again = admin.send("PUT", path, "{\"plan\":\"free\"}");
        var other = admin.send("PUT", path, "{\"plan\":\"free\",\"name\":\"Ada\"}");
        // Then
        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.status()).isEqualTo(428);
    }

    @Test
    void everything_is_there_after_a_restart() {
        // Given
        admin.post(
                PLANS,
                "{\"key\":\"team\",\"limits\":[{\"key\":\"r\",\"meter\":\"requests\",\"window\":\"day\",\"max\":3}]}");
        admin.post(SUBJECTS + ACME, "{\"key\":\"new\",\"plan\":\"team\"}");
        blindly().send("PATCH", SUBJECTS + "/user-1" + ACME, "{\"managed_by\":\"api\"}");
        blindly().send("DELETE", SUBJECTS + "/user-1" + ACME, "");
        var seen = admin.get(SUBJECTS + "/new" + ACME);
        server.close();
        // When
        server = ApiServer.in(directory);
        admin = server.admin();
        // Then
        assertThat(admin.get(SUBJECTS + "/new" + ACME).body()).isEqualTo(seen.body());
        assertThat(admin.get(SUBJECTS + "/new" + ACME).header("etag")).isEqualTo(seen.header("etag"));
        assertThat(keys(admin.get(SUBJECTS + ACME), "subjects")).containsExactly("new", "user-2");
    }

    @Test
    void change_without_if_match_is_428_and_changes_nothing() {
        // When
        var replaced = admin.send("PUT", PLANS + "/free", "{\"limits\":[]}");
        var changed = admin.send("PATCH", PLANS + "/free", "{\"limits\":[]}");
        var deleted = admin.send("DELETE", PLANS + "/free", "");
        // Then
        for (var answer : List.of(replaced, changed, deleted)) {
            assertThat(answer.status()).isEqualTo(428);
            assertThat(answer.at("code")).isEqualTo("PRECONDITION_REQUIRED");
        }
        assertThat(admin.get(PLANS + "/free").json().fields().items("limits")).hasSize(7);
    }

    @Test
    void change_of_what_was_changed_since_is_412_and_changes_nothing() {
        // Given
        var read = admin.get(PLANS + "/free");
        matching(read).send("PATCH", PLANS + "/free", "{\"priority\":3}");
        // When
        var replaced = matching(read).send("PUT", PLANS + "/free", "{\"priority\":4}");
        var changed = matching(read).send("PATCH", PLANS + "/free", "{\"priority\":4}");
        var deleted = matching(read).send("DELETE", PLANS + "/free", "");
        var weak = admin.with("If-Match", "W/" + admin.get(PLANS + "/free").header("etag"))
                .send("PATCH", PLANS + "/free", "{\"priority\":4}");
        // Then
        for (var answer : List.of(replaced, changed, deleted, weak)) {
            assertThat(answer.status()).isEqualTo(412);
            assertThat(answer.at("code")).isEqualTo("PRECONDITION_FAILED");
        }
        assertThat(admin.get(PLANS + "/free").at("priority")).isEqualTo("3");
    }

    @Test
    void repeated_put_is_answered_as_the_first_time() {
        // Given
        var read = admin.get(PLANS + "/pro");
        var first = matching(read).send("PUT", PLANS + "/pro", "{\"priority\":7,\"limits\":[]}");
        // When
        var again = matching(read).send("PUT", PLANS + "/pro", "{\"limits\":[],\"priority\":7}");
        // Then
        assertThat(again.status()).isEqualTo(200);
        assertThat(admin.get("/api/v1/audit-log?kind=plan&key=pro")
                        .json()
                        .fields()
                        .items("entries"))
                .hasSize(2);
        assertThat(again.at("priority")).isEqualTo(first.at("priority")).isEqualTo("7");
    }

    @Test
    void put_makes_what_is_not_there_and_if_none_match_makes_sure_of_it() {
        // When
        var made = admin.with("If-None-Match", "*").send("PUT", PLANS + "/team", "{\"key\":\"team\",\"limits\":[]}");
        var again = admin.with("If-None-Match", "*").send("PUT", PLANS + "/team", "{\"key\":\"team\",\"limits\":[]}");
        var expected = blindly().send("PUT", PLANS + "/none", "{\"limits\":[]}");
        var twice = admin.post(PLANS, "{\"key\":\"team\"}");
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(412);
        assertThat(expected.status()).isEqualTo(412);
        assertThat(twice.status()).isEqualTo(409);
        assertThat(twice.at("code")).isEqualTo("ALREADY_EXISTS");
        assertThat(admin.get(PLANS + "/none").status()).isEqualTo(404);
    }

    @Test
    void what_is_known_already_is_304() {
        // Given
        var read = admin.get(PLANS + "/free");
        // When
        var again = admin.with("If-None-Match", read.header("etag")).get(PLANS + "/free");
        var subject = admin.get(SUBJECTS + "/user-1" + ACME);
        var known =
                admin.with("If-None-Match", "\"0\", " + subject.header("etag")).get(SUBJECTS + "/user-1" + ACME);
        // Then
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.header("etag")).isEqualTo(read.header("etag"));
        assertThat(known.status()).isEqualTo(304);
    }

    @Test
    void lists_come_page_by_page_while_things_change() {
        // Given
        for (int i = 0; i < 7; i++) {
            admin.post(SUBJECTS + ACME, "{\"key\":\"a" + i + "\"}");
        }
        var seen = new ArrayList<String>();
        // When
        var page = admin.get(SUBJECTS + ACME + "&limit=3");
        while (!page.at("next_cursor").equals("null")) {
            seen.addAll(keys(page, "subjects"));
            blindly().send("DELETE", SUBJECTS + "/" + seen.getLast() + ACME, "");
            page = admin.get(SUBJECTS + ACME + "&limit=3&cursor=" + page.at("next_cursor"));
        }
        seen.addAll(keys(page, "subjects"));
        // Then
        assertThat(seen).containsExactly("a0", "a1", "a2", "a3", "a4", "a5", "a6", "user-1", "user-2");
    }

    @Test
    void subjects_are_filtered() {
        // Given
        admin.post(SUBJECTS + ACME, "{\"key\":\"anna\",\"name\":\"Anna Ada Lovelace\",\"blocked\":true}");
        // When, Then
        assertThat(keys(admin.get(SUBJECTS + ACME + "&plan=pro"), "subjects")).containsExactly("user-1");
        assertThat(keys(admin.get(SUBJECTS + ACME + "&plan=free"), "subjects")).containsExactly("anna", "user-2");
        assertThat(keys(admin.get(SUBJECTS + ACME + "&blocked=true"), "subjects"))
                .containsExactly("anna");
        assertThat(keys(admin.get(SUBJECTS + ACME + "&blocked=false&prefix=user"), "subjects"))
                .containsExactly("user-1", "user-2");
        assertThat(keys(admin.get(SUBJECTS + ACME + "&prefix=user-2"), "subjects"))
                .containsExactly("user-2");
        assertThat(keys(admin.get(SUBJECTS + ACME + "&q=aDa"), "subjects")).containsExactly("anna", "user-1");
        assertThat(keys(admin.get(SUBJECTS + ACME + "&q=none"), "subjects")).isEmpty();
        assertThat(keys(admin.get(PLANS + "?q=Re"), "plans")).containsExactly("free");
        assertThat(keys(admin.get(ORGANIZATIONS + "?plan=pro"), "organizations"))
                .isEmpty();
        assertThat(keys(admin.get(ORGANIZATIONS + "?plan=free&q=INC"), "organizations"))
                .containsExactly("acme");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET   | /api/v1/subjects?organization=acme&cursor=nonsense!  |  | ?cursor | next_cursor
            GET   | /api/v1/subjects?organization=acme&cursor=YWJj       |  | ?cursor | next_cursor
            GET   | /api/v1/subjects?organization=acme&limit=0           |  | ?limit | 1..1000
            GET   | /api/v1/subjects?organization=acme&limit=1001        |  | ?limit | 1..1000
            GET   | /api/v1/subjects?organization=acme&limit=x           |  | ?limit | 1..1000
            GET   | /api/v1/subjects?organization=acme&blocked=ture      |  | ?blocked | true or false
            GET   | /api/v1/audit-log?from=yesterday                     |  | ?from | yesterday
            GET   | /api/v1/audit-log?cursor=YXVkaXQtbG9nfHg             |  | ?cursor | next_cursor
            POST  | /api/v1/plans                         | {"key":"p","limit":[]}               | /limit   | unknown field
            POST  | /api/v1/plans                         | {"limits":[]}                        | ``       | 'key'
            POST  | /api/v1/plans                         | {"key":7}                            | /key     | a text
            POST  | /api/v1/plans                         | []                                   | ``       | an object
            POST  | /api/v1/plans                         | {"key":"p","managed_by":"me"}        | /managed_by | one of apply, api
            POST  | /api/v1/plans                         | {"key":"p","limits":[{"key":"l","meter":"none","window":"day","max":1}]} | /limits/0/meter | built in or declared
            PUT   | /api/v1/plans/free                    | {"key":"pro"}                        | ``       | of the path, 'free'
            PUT   | /api/v1/plans/free                    | {"priority":"high"}                  | /priority | a whole number
            PATCH | /api/v1/plans/free                    | {"limits":[{"key":"l","meter":"cost","window":"day","max":"x"}]} | /limits/0/max | dollars
            PATCH | /api/v1/plans/free                    | {"key":"other"}                      | ``       | of the path, 'free'
            PATCH | /api/v1/plans/free                    | [1]                                  | ``       | an object
            PATCH | /api/v1/organizations/acme            | {"plan":"gold"}                      | /plan    | a declared plan
            PATCH | /api/v1/organizations/acme            | {"time_zone":"Mars"}                 | /time_zone | Mars
            PATCH | /api/v1/meters/ai_generation          | {"aggregation":"latest"}             | ``       | keep its aggregation
            PUT   | /api/v1/subjects/user-1?organization=acme | {"overrides":[{"limit":"nope","max":1}]} | /overrides/0/limit | a limit of
            PATCH | /api/v1/subjects/user-1?organization=acme | {"blocked":"yes"}                | /blocked | true or false
            PUT   | /api/v1/subjects/user-2/overrides/generations?organization=acme | {"max":-1} | /max     | whole number
            PUT   | /api/v1/subjects/user-1/overrides/generations?organization=acme | {"limit":"rpm","max":1} | `` | of the path
            POST  | /api/v1/organizations/acme/prices | {"provider":"local","model":"m","input":"1"} | `` | 'output'
            """)
    void bad_input_is_told_with_its_place(String method, String path, String body, String pointer, String expected) {
        // When
        var refused = blindly().send(method, path, body == null ? "" : body);
        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("code")).isEqualTo("INVALID_REQUEST");
        // Of a query there is no pointer; its parameter is named.
        var place = pointer.startsWith("?") ? "?" + refused.at("parameter") : refused.at("pointer");
        assertThat(place).isEqualTo(pointer);
        assertThat(refused.at("expected")).contains(expected);
    }

    @Test
    void malformed_etag_is_400_and_too_large_a_body_413() {
        // When
        var malformed = admin.with("If-Match", "abc").send("PATCH", PLANS + "/free", "{}");
        var large = admin.post(PLANS, "{\"key\":\"p\",\"upgrade_url\":\"" + "x".repeat(2_000_000) + "\"}");
        // Then
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.at("expected")).contains("If-Match");
        assertThat(large.status()).isEqualTo(413);
    }

    @Test
    void change_is_in_force_for_the_next_decision_and_begins_with_what_was_used() {
        // Given
        app.post(RECORDS, "{\"subject\":\"u\",\"quantities\":{\"ai_generation\":4}}");
        var plan = admin.get(PLANS + "/free");
        // When
        matching(plan)
                .send(
                        "PATCH",
                        PLANS + "/free",
                        "{\"limits\":[{\"key\":\"hour\",\"meter\":\"ai_generation\",\"window\":\"hour\",\"max\":5}]}");
        // Then
        assertThat(shown("u", "hour", "used")).isEqualTo("4");
        assertThat(reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":2}}")
                        .status())
                .isEqualTo(429);
        assertThat(reserve("{\"subject\":\"u\",\"quantities\":{\"ai_generation\":1}}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void what_may_not_do_what_its_writer_thinks_is_accepted_with_a_warning() {
        // When
        var level = admin.post(
                PLANS,
                "{\"key\":\"files\",\"limits\":[{\"key\":\"f\",\"meter\":\"kb_file\",\"window\":\"month\",\"max\":3}]}");
        var emptied = blindly().send("PATCH", PLANS + "/free", "{\"limits\":[]}");
        // Then
        assertThat(level.status()).isEqualTo(201);
        assertThat(level.header("x-quotary-warning")).startsWith("/limits/0/window: kb_file is a level");
        assertThat(emptied.header("x-quotary-warning"))
                .contains("subject 'user-2'")
                .contains("no effect");
    }

    @Test
    void override_has_an_address_of_its_own() {
        // Given
        var path = SUBJECTS + "/visitor/overrides/generations";
        // When
        var made = admin.send("PUT", path + ACME, "{\"max\":70,\"reason\":\"trial\"}");
        var read = app.get(path);
        var stale = admin.with("If-Match", "\"0\"").send("PUT", path + ACME, "{\"max\":71}");
        var changed = matching(read).send("PUT", path + ACME, "{\"max\":\"unlimited\"}");
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(read.body()).isEqualTo("{\"max\":70,\"reason\":\"trial\",\"limit\":\"generations\"}");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(shown("visitor", "generations", "unlimited")).isEqualTo("true");
        assertThat(admin.get(SUBJECTS + "/visitor/overrides" + ACME)
                        .json()
                        .fields()
                        .items("overrides"))
                .hasSize(1);
        assertThat(matching(changed).send("DELETE", path + ACME, "").status()).isEqualTo(204);
        assertThat(shown("visitor", "generations", "max")).isEqualTo("50");
        assertThat(app.get(path).status()).isEqualTo(404);
        assertThat(admin.post(SUBJECTS + "/user-2/overrides" + ACME, "{\"limit\":\"generations\",\"max\":1}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void organization_has_overrides_and_prices_with_addresses_of_their_own() {
        // Given
        var prices = ORGANIZATIONS + "/acme/prices";
        // When
        var override = admin.send("PUT", ORGANIZATIONS + "/acme/overrides/generations", "{\"max\":60}");
        var price = admin.post(prices, "{\"provider\":\"local\",\"model\":\"m*\",\"input\":\"2\",\"output\":\"0\"}");
        // Then
        assertThat(override.status()).isEqualTo(201);
        assertThat(shown("u", "generations", "max")).isEqualTo("60");
        assertThat(price.at("id")).isEqualTo("local/m*");
        assertThat(app.post(
                                CHECK,
                                "{\"subject\":\"u\",\"provider\":\"local\",\"model\":\"mini\",\"quantities\":{\"tokens.input\":500000}}")
                        .at("estimated_cost"))
                .isEqualTo("1");
        assertThat(matching(price).send("DELETE", prices + "/local%2Fm*", "").status())
                .isEqualTo(204);
        assertThat(admin.get(prices).json().fields().items("prices")).isEmpty();
        assertThat(admin.get(ORGANIZATIONS + "/none/prices").status()).isEqualTo(404);
    }

    @Test
    void own_price_of_the_operator_is_made_and_deleted() {
        // Given
        var own = "/api/v1/prices/own";
        // When
        var made = admin.post(
                own,
                "{\"provider\":\"local\",\"model\":\"big\",\"from\":\"2026-11-01\",\"input\":\"3\",\"output\":\"3\"}");
        var listed = admin.get(own);
        var one = admin.get(own + "/local%2Fbig@2026-11-01");
        var twisted = matching(one).send("PATCH", own + "/local%2Fbig@2026-11-01", "{\"from\":\"2026-11-02\"}");
        // Then
        assertThat(made.at("id")).isEqualTo("local/big@2026-11-01");
        assertThat(listed.json().fields().items("prices")).hasSize(2);
        assertThat(one.body()).isEqualTo(made.body());
        assertThat(twisted.status()).isEqualTo(400);
        assertThat(matching(one)
                        .send("DELETE", own + "/local%2Fbig@2026-11-01", "")
                        .status())
                .isEqualTo(204);
        assertThat(app.get(own).status()).isEqualTo(403);
    }

    @Test
    void admin_of_an_organization_manages_its_subjects_and_nothing_else() {
        // Given
        admin.post(ORGANIZATIONS, "{\"key\":\"globex\",\"plan\":\"free\"}");
        var own = server.as(server.key(Role.ADMIN, "globex", null)).with("If-Match", "*");
        // When
        var made = own.post(SUBJECTS, "{\"key\":\"bo\",\"plan\":\"pro\"}");
        var changed = own.send("PATCH", SUBJECTS + "/bo", "{\"name\":\"Bo\"}");
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(changed.at("name")).isEqualTo("Bo");
        assertThat(keys(own.get(SUBJECTS), "subjects")).containsExactly("bo");
        var listed = own.get(ORGANIZATIONS + "?limit=1");
        assertThat(keys(listed, "organizations")).containsExactly("globex");
        assertThat(listed.at("next_cursor")).isEqualTo("null");
        assertThat(keys(own.get(ORGANIZATIONS + "?prefix=acme"), "organizations"))
                .isEmpty();
        assertThat(own.get(ORGANIZATIONS + "/acme").status()).isEqualTo(403);
        assertThat(own.post(SUBJECTS + ACME, "{\"key\":\"spy\"}").status()).isEqualTo(403);
        assertThat(own.send("PATCH", SUBJECTS + "/user-1" + ACME, "{\"name\":\"x\"}")
                        .status())
                .isEqualTo(403);
        assertThat(own.send("PATCH", ORGANIZATIONS + "/globex", "{\"plan\":\"pro\"}")
                        .status())
                .isEqualTo(403);
        assertThat(own.send("PUT", ORGANIZATIONS + "/globex/overrides/generations", "{\"max\":60}")
                        .status())
                .isEqualTo(403);
        assertThat(own.post(PLANS, "{\"key\":\"mine\"}").status()).isEqualTo(403);
        assertThat(own.get(PLANS + "/free").status()).isEqualTo(200);
        assertThat(app.post(SUBJECTS, "{\"key\":\"x\"}").status()).isEqualTo(403);
    }

    @Test
    void all_overrides_of_an_organization_are_in_one_list() {
        // Given
        admin.post(APPLY, """
                organizations:
                  - key: acme
                    plan: free
                    overrides: [ { limit: generations, max: 60 } ]
                    subjects:
                      - { key: a, overrides: [ { limit: generations, max: 70, reason: trial } ] }
                      - { key: b }
                      - { key: c, overrides: [ { limit: generations, max: unlimited }, { limit: rpm, max: 5 } ] }
                """);
        // When
        var first = admin.get("/api/v1/overrides" + ACME + "&limit=1");
        var rest = admin.get("/api/v1/overrides" + ACME + "&cursor=" + first.at("next_cursor"));
        // Then
        assertThat(whose(first)).containsExactly("null generations 60", "a generations 70");
        assertThat(first.at("overrides/1/reason")).isEqualTo("trial");
        assertThat(whose(rest)).contains("c generations unlimited", "c rpm 5").doesNotContain("b");
        assertThat(rest.at("next_cursor")).isEqualTo("null");
    }

    private static List<String> whose(ApiClient.Answer page) {
        return page.json().fields().items("overrides").stream()
                .map(Value::fields)
                .map(override -> override.string("subject").orElse("null") + " "
                        + override.need("limit").string() + " "
                        + override.need("max").scalar())
                .toList();
    }
}
