package dev.quotary.gateway;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Principal;
import dev.quotary.http.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a call is made: the key's own organization and subject, and what the attribution headers add.
 *
 * @param metadata JSON object as text; empty for none
 */
record Attribution(Call call, String metadata) {
    /** The member of an event's metadata that tells what Quotary has to say of the call. */
    static final String OURS = "quotary";

    private static final int METADATA_LENGTH_MAX = 4096;

    /** @param asked for a subject that the client names in its provider's words, should our own header name none */
    static Attribution of(
            HttpServerRequest request,
            Principal principal,
            String provider,
            String model,
            Supplier<Optional<String>> asked) {
        try {
            var organization = principal.organization(
                    header(request, "x-quotary-organization").map(OrganizationKey::new));
            var subject = principal.subject(
                    header(request, "x-quotary-subject").or(asked).map(SubjectKey::new));
            var dimensions = new Dimensions(
                    provider,
                    model,
                    value(request, "x-quotary-feature"),
                    value(request, "x-quotary-session"),
                    value(request, "x-quotary-workflow"),
                    Map.of());
            return new Attribution(new Call(organization, subject, principal.keyId(), dimensions), metadata(request));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "What says on whose behalf the call is made is wrong: " + e.getMessage());
        }
    }

    private static String metadata(HttpServerRequest request) {
        var text = value(request, "x-quotary-metadata");
        if (text == null) {
            return "";
        }
        if (text.length() > METADATA_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "expected X-Quotary-Metadata of at most " + METADATA_LENGTH_MAX + " characters");
        }
        try {
            var value = Documents.json(text);
            if (value.isObject() && !value.entries().containsKey(OURS)) {
                return value.json();
            }
        } catch (InvalidInputException _) {
            // Told below, without quoting what the header holds.
        }
        throw new IllegalArgumentException(
                "expected X-Quotary-Metadata to be a JSON object without a member '" + OURS + "'");
    }

    private static Optional<String> header(HttpServerRequest request, String name) {
        return Optional.ofNullable(value(request, name));
    }

    private static @Nullable String value(HttpServerRequest request, String name) {
        var value = request.getHeader(name);
        return value == null || value.isBlank() ? null : value;
    }
}
