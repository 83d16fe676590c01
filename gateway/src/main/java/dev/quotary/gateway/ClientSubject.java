package dev.quotary.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.catalog.Role;
import dev.quotary.gateway.upstream.SubjectFrom;
import dev.quotary.http.Principal;
import dev.quotary.provider.json.Json;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.Optional;

/**
 * Whom a client says that it acts for, in its provider's words. Only what a service key says counts: whoever has such a key may name any
 * subject anyway.
 */
final class ClientSubject {
    private static final Json JSON = new Json();

    private ClientSubject() {}

    static Optional<String> of(SubjectFrom from, Principal principal, HttpServerRequest request, byte[] body) {
        if (principal.role() != Role.SERVICE) {
            return Optional.empty();
        }
        return switch (from) {
            case SubjectFrom.Nowhere _ -> Optional.empty();
            case SubjectFrom.Header(var name) ->
                Optional.ofNullable(request.getHeader(name)).filter(value -> !value.isBlank());
            case SubjectFrom.Member member -> member(member, body);
        };
    }

    /** The body was read before, so it is JSON; of members of the same name the first one counts. */
    private static Optional<String> member(SubjectFrom.Member member, byte[] body) {
        try (var parser = JSON.parser(body, 0, body.length)) {
            if (!enter(parser, member.outer())) {
                return Optional.empty();
            }
            if (!member.inner().isEmpty()
                    && (parser.currentToken() != JsonToken.START_OBJECT || !within(parser, member.inner()))) {
                return Optional.empty();
            }
            return parser.currentToken() == JsonToken.VALUE_STRING
                    ? Optional.of(parser.getText()).filter(text -> !text.isBlank())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean enter(JsonParser parser, String name) throws IOException {
        return parser.nextToken() == JsonToken.START_OBJECT && within(parser, name);
    }

    /** Goes to the value of a member of the object that has just begun; false if it has none. */
    private static boolean within(JsonParser parser, String name) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
