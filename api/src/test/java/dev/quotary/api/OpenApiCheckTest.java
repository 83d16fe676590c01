package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

/** What holds every other test to the contract must itself be able to fail. */
class OpenApiCheckTest {
    private final OpenApiCheck contract = OpenApiCheck.ofResource("/openapi.yaml");

    private static OpenApiCheck.Exchanged probe(String path, int status, String type, String body) {
        return new OpenApiCheck.Exchanged("GET", path, "", status, type, body);
    }

    private void refused(OpenApiCheck.Exchanged exchanged, String why) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> contract.check(exchanged))
                .withMessageContaining(why);
    }

    @Test
    void answer_that_is_not_as_promised_is_found() {
        // Given
        var good = probe("/healthz", 200, "application/json", "{\"status\":\"ok\"}");
        // When
        contract.check(good);
        // Then
        refused(probe("/healthz", 200, "application/json", "{\"status\":\"fine\"}"), "not as in the contract");
        refused(probe("/healthz", 200, "application/json", "{\"status\":\"ok\",\"more\":1}"), "more");
        refused(probe("/healthz", 200, "text/plain", "ok"), "content type");
        refused(probe("/healthz", 204, "application/json", "{}"), "status not in the contract");
        refused(probe("/nothing", 200, "application/json", "{}"), "no such path");
        refused(probe("/api/v1/usage/check", 200, "application/json", "{}"), "no such operation");
    }

    @Test
    void request_that_was_taken_against_the_contract_is_found() {
        // When
        var taken = new OpenApiCheck.Exchanged(
                "POST",
                "/api/v1/usage/reservations/r1/release",
                "{\"reason\":\"none\"}",
                200,
                "application/json",
                "{\"id\":\"rsv_00000000000000000000000000000001\",\"released\":true}");
        // Then
        refused(taken, "request");
    }

    @Test
    void every_code_in_the_contract_is_one_of_ours() {
        // Given
        var contractCodes = new HashSet<String>();
        var schemas = Documents.yaml(ServerTest.resource("/openapi.yaml"))
                .fields()
                .need("components")
                .fields()
                .need("schemas")
                .fields();
        // When
        for (var schema : new String[] {"problem", "refusal"}) {
            schemas.need(schema)
                    .fields()
                    .need("properties")
                    .fields()
                    .need("code")
                    .fields()
                    .items("enum")
                    .forEach(code -> contractCodes.add(code.string()));
        }
        // Then
        assertThat(Arrays.stream(ErrorCode.values()).map(Enum::name)).containsAll(contractCodes);
    }
}
