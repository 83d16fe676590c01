package dev.quotary.api;

import dev.quotary.api.query.Moments;
import dev.quotary.api.query.Queried;
import dev.quotary.catalog.Actor;
import dev.quotary.http.Authentication;
import dev.quotary.http.Documents;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Principal;
import dev.quotary.http.Value;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request as an endpoint sees it: who calls, and with what. */
final class Exchange {
    private static final byte[] NO_MEMBERS = {'{', '}'};

    private final @Nullable HttpServerRequest request;
    private final Principal principal;
    private final List<String> parameters;
    private final byte[] body;

    Exchange(HttpServerRequest request, Principal principal, List<String> parameters, byte[] body) {
        this(principal, parameters, body, request);
    }

    private Exchange(Principal principal, List<String> parameters, byte[] body, @Nullable HttpServerRequest request) {
        this.request = request;
        this.principal = principal;
        this.parameters = parameters;
        this.body = body;
    }

    /** Of what is read from where it was kept: without headers and query, and nobody waits for an answer. */
    static Exchange kept(Principal principal) {
        return new Exchange(principal, List.of(), NO_MEMBERS, null);
    }

    private HttpServerRequest request() {
        if (request == null) {
            throw new IllegalStateException("nobody waits for the answer to what was kept");
        }
        return request;
    }

    /** The caller, as the audit log names it. */
    Actor actor() {
        return Actor.of(principal.key());
    }

    Principal principal() {
        return principal;
    }

    /** Whom the shown key or token stands for by now; throws where it opens nothing any more. */
    Principal principalNow(Authentication authentication) {
        return authentication.of(request());
    }

    /** Whether the client has left. */
    boolean gone() {
        return request().response().closed();
    }

    /** Has something done if the client leaves before it is answered, or has left already. */
    void whenGone(Runnable then) {
        request().response().closeHandler(_ -> then.run());
        if (gone()) {
            then.run();
        }
    }

    /** A parameter of the path, decoded. */
    String parameter(int index) {
        return parameters.get(index);
    }

    byte[] body() {
        return body;
    }

    /** The body as JSON. */
    Value json() {
        return Documents.json(body);
    }

    /** The body as JSON, where having none means an object without members. */
    Value jsonOrNothing() {
        return Documents.json(body.length == 0 ? NO_MEMBERS : body);
    }

    Optional<String> header(String name) {
        return request == null ? Optional.empty() : Optional.ofNullable(request.getHeader(name));
    }

    Optional<String> query(String name) {
        return request == null || request.query() == null
                ? Optional.empty()
                : Optional.ofNullable(request.getParam(name));
    }

    /** All query parameters. */
    Queried queried() {
        return new Queried() {
            @Override
            public List<String> all(String name) {
                return request == null || request.query() == null
                        ? List.of()
                        : request.params().getAll(name);
            }

            @Override
            public Set<String> names() {
                return request == null || request.query() == null
                        ? Set.of()
                        : request.params().names();
            }
        };
    }

    /** All query parameters, decoded, in their order; those that are repeated several times. */
    List<Map.Entry<String, String>> queryPairs() {
        return request == null || request.query() == null
                ? List.of()
                : request.params().entries();
    }

    /** A member of the body that a header may stand in for: both may be there if they say the same. */
    Optional<String> text(@Nullable Value member, String header) {
        var other = header(header);
        if (member == null) {
            return other;
        }
        var text = member.string();
        if (other.isPresent() && !other.get().equals(text)) {
            throw member.wrong("expected the same as in the header " + header);
        }
        return Optional.of(text);
    }

    /** A query parameter that is a moment, dates in UTC, and has to be there. */
    Instant moment(String name) {
        var text = query(name).orElseThrow(() -> InvalidInputException.inQuery(name, "expected it, and there is none"));
        try {
            return Moments.inQuery(text, ZoneOffset.UTC);
        } catch (IllegalArgumentException e) {
            throw InvalidInputException.inQuery(name, String.valueOf(e.getMessage()));
        }
    }

    /** A query parameter that is yes or no; no if it is not there. */
    boolean flag(String name) {
        return query(name)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw InvalidInputException.inQuery(name, "expected true or false, was '" + text + "'");
                })
                .orElse(false);
    }

    /** Whether the caller wants the numbers in the form of older clients too. */
    boolean compatible() {
        var view = query("view");
        if (view.isPresent() && !view.get().equals("compat")) {
            throw InvalidInputException.inQuery("view", "expected compat, or nothing at all, was '" + view.get() + "'");
        }
        return view.isPresent();
    }
}
