package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
class WebhooksTest extends ServerTest {
    private static final String CALL = "/api/v1/webhooks/acme/billing";
    private static final String HOOK = "/api/v1/organizations/acme/webhooks/billing";
    private static final String SECRET = "a secret of some length";

    @BeforeEach
    void webhook() {
        var applied = admin.post(APPLY, """
                meters:
                  - { key: pages, aggregation: sum, event_type: document.printed, value_property: "$.pages", group_by: { model: "$.printer" } }
                plans: [ { key: free, limits: [ { key: pages, meter: pages, window: day, max: 100 } ] } ]
                organizations:
                  - key: acme
                    plan: free
                    webhooks:
                      - key: billing
                        signature: stripe
                        id: "$.id"
                        type: "$.type"
                        subject: "$.data.customer"
                        time: "$.created"
                        types: [ "document.*" ]
                        data: { pages: "$.data.pages", printer: "$.data.printer.name" }
                """);
        assertThat(applied.status()).as(applied.body()).isEqualTo(200);
        assertThat(secrets(SECRET).status()).isEqualTo(204);
    }

    private ApiClient.Answer secrets(String secret) {
        return admin.send("PUT", HOOK + "/secrets", "{\"secrets\":[\"" + secret + "\"]}");
    }

    private static String printed(String id, int pages) {
        return "{\"id\":\"" + id
                + "\",\"type\":\"document.printed\",\"created\":1795338000,\"data\":{\"customer\":\"u\",\"pages\":"
                + pages + ",\"printer\":{\"name\":\"laser\",\"serial\":\"secret\"}}}";
    }

    private static String signature(String secret, long second, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] made = mac.doFinal((second + "." + body).getBytes(StandardCharsets.UTF_8));
            return "t=" + second + ",v1=" + HexFormat.of().formatHex(made);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private ApiClient.Answer call(String path, String secret, Duration ago, String body) {
        long second = server.clock.instant().minus(ago).getEpochSecond();
        return server.as("")
                .with("Stripe-Signature", signature(secret, second, body))
                .post(path, body);
    }

    private ApiClient.Answer call(String body) {
        return call(CALL, SECRET, Duration.ZERO, body);
    }

    @Test
    void call_counts_as_usage_at_its_own_time_once() {
        // When
        var first = call(printed("evt_1", 7));
        server.clock.advance(Duration.ofMinutes(1));
        var repeated = call(printed("evt_1", 7));
        // Then
        assertThat(first.status()).as(first.body()).isEqualTo(204);
        assertThat(repeated.status()).isEqualTo(204);
        assertThat(shown("u", "pages", "used")).isEqualTo("7");
        var listed = app.get("/api/v1/events");
        assertThat(listed.json().items()).hasSize(1);
        assertThat(listed.at("0/event/source")).isEqualTo("webhook/billing");
        assertThat(listed.at("0/event/id")).isEqualTo("evt_1");
        assertThat(listed.at("0/event/time")).isEqualTo("2026-11-22T09:00:00Z");
        assertThat(listed.at("0/event/data")).isEqualTo("{\"pages\":7,\"printer\":\"laser\"}");
    }

    @Test
    void call_with_another_content_under_the_same_id_is_refused() {
        // Given
        call(printed("evt_1", 7));
        // When
        var other = call(printed("evt_1", 8));
        // Then
        assertThat(other.status()).isEqualTo(409);
        assertThat(shown("u", "pages", "used")).isEqualTo("7");
    }

    @Test
    void call_of_a_type_that_is_not_wanted_is_taken_and_forgotten() {
        // When
        var answer = call(printed("evt_1", 7).replace("document.printed", "invoice.paid"));
        // Then
        assertThat(answer.status()).isEqualTo(204);
        assertThat(app.get("/api/v1/events").json().items()).isEmpty();
    }

    @Test
    void call_that_is_not_signed_as_declared_is_told_the_same_whatever_is_wrong() {
        // When
        var wrongSecret = call(CALL, "another secret, as long", Duration.ZERO, printed("evt_1", 7));
        var changed = server.as("")
                .with(
                        "Stripe-Signature",
                        signature(SECRET, server.clock.instant().getEpochSecond(), printed("evt_1", 7)))
                .post(CALL, printed("evt_1", 8));
        var noWebhook = call("/api/v1/webhooks/acme/other", SECRET, Duration.ZERO, printed("evt_1", 7));
        var noOrganization = call("/api/v1/webhooks/nowhere/billing", SECRET, Duration.ZERO, printed("evt_1", 7));
        // Then
        assertThat(wrongSecret.status()).isEqualTo(401);
        assertThat(wrongSecret.at("code")).isEqualTo("SIGNATURE_INVALID");
        assertThat(changed.body()).isEqualTo(wrongSecret.body());
        assertThat(noWebhook.body()).isEqualTo(wrongSecret.body());
        assertThat(noOrganization.body()).isEqualTo(wrongSecret.body());
        assertThat(shown("u", "pages", "used")).isEqualTo("0");
    }

    @Test
    void call_without_signature_names_the_header_that_is_missing() {
        // When
        var refused = server.as("").post(CALL, printed("evt_1", 7));
        // Then
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.at("detail")).contains("Stripe-Signature");
    }

    @Test
    void old_call_is_not_taken_again() {
        // When
        var inTime = call(CALL, SECRET, Duration.ofMinutes(5), printed("evt_1", 7));
        var late = call(CALL, SECRET, Duration.ofSeconds(301), printed("evt_2", 7));
        var early = call(CALL, SECRET, Duration.ofSeconds(-301), printed("evt_3", 7));
        // Then
        assertThat(inTime.status()).isEqualTo(204);
        assertThat(late.status()).isEqualTo(401);
        assertThat(late.at("detail")).contains("300 seconds");
        assertThat(early.status()).isEqualTo(401);
        assertThat(shown("u", "pages", "used")).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "id":"evt_1",                | ``                    | ``           | the id at $.id
            "type":"document.printed",   | ``                    | ``           | the type at $.type
            "customer":"u",              | ``                    | ``           | the subject at $.data.customer
            "created":1795338000         | "created":"soon"      | /created     | a time such as
            "created":1795338000         | "created":true        | /created     | whole number
            "pages":7                    | "pages":-7            | /data/pages  | whole number
            "pages":7,                   | ``                    | ``           | meter 'pages' reads
            """)
    void mistake_in_a_call_is_told_with_its_place(String what, String instead, String pointer, String expected) {
        // When
        var refused = call(printed("evt_1", 7).replace(what, instead));
        // Then
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.at("pointer")).isEqualTo(pointer);
        assertThat(refused.at("expected")).contains(expected);
    }

    @Test
    void large_body_and_other_methods_are_refused() {
        // When
        var large = call(printed("evt_1", 7).replace("laser", "x".repeat(300_000)));
        var get = server.as("").get(CALL);
        var nothing = server.as("").post("/api/v1/webhooks/acme", "{}");
        // Then
        assertThat(large.status()).isEqualTo(413);
        assertThat(get.status()).isEqualTo(405);
        assertThat(nothing.status()).isEqualTo(404);
    }

    @Test
    void secrets_are_changed_with_an_overlap_and_never_shown() {
        // When
        var both =
                admin.send("PUT", HOOK + "/secrets", "{\"secrets\":[\"the next secret, as long\",\"" + SECRET + "\"]}");
        var old = call(printed("evt_1", 1));
        var next = call(CALL, "the next secret, as long", Duration.ZERO, printed("evt_2", 2));
        admin.send("PUT", HOOK + "/secrets", "{\"secrets\":[]}");
        var none = call(printed("evt_3", 4));
        // Then
        assertThat(both.status()).isEqualTo(204);
        assertThat(old.status()).isEqualTo(204);
        assertThat(next.status()).isEqualTo(204);
        assertThat(none.status()).isEqualTo(401);
        assertThat(shown("u", "pages", "used")).isEqualTo("3");
        assertThat(admin.get(HOOK).body()).doesNotContain("secret");
        assertThat(admin.get("/api/v1/audit-log").body())
                .contains("webhook-secrets")
                .doesNotContain(SECRET)
                .doesNotContain("the next secret");
    }

    @Test
    void secret_of_a_webhook_that_is_not_there_or_is_too_short_is_refused() {
        // When
        var missing = admin.send("PUT", "/api/v1/organizations/acme/webhooks/other/secrets", "{\"secrets\":[]}");
        var shortOne = secrets("short");
        // Then
        assertThat(missing.status()).isEqualTo(404);
        assertThat(shortOne.status()).isEqualTo(400);
        assertThat(shortOne.body()).doesNotContain("\"short\"").contains("16..256");
    }

    @Test
    void webhook_is_managed_as_a_part_of_its_organization() {
        // When
        var made = admin.post(
                "/api/v1/organizations/acme/webhooks",
                "{\"key\":\"git\",\"signature\":\"github\",\"type\":\"push\",\"subject\":\"$.sender\"}");
        var refused = admin.post(
                "/api/v1/organizations/acme/webhooks",
                "{\"key\":\"bad\",\"signature\":\"stripe\",\"type\":\"push\",\"subject\":\"$.sender\"}");
        var withSecret = admin.post(
                "/api/v1/organizations/acme/webhooks",
                "{\"key\":\"bad\",\"signature\":\"github\",\"type\":\"push\",\"subject\":\"$.sender\",\"secret\":\"x\"}");
        // Then
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(admin.get("/api/v1/organizations/acme/webhooks").at("webhooks/1/key"))
                .isEqualTo("git");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("expected")).contains("'id'");
        assertThat(withSecret.at("expected")).contains("set it by PUT");
        assertThat(call(printed("evt_1", 7)).status()).isEqualTo(204);
    }
}
