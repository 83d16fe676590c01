package dev.quotary.api;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.quotary.http.Documents;
import dev.quotary.http.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds real answers against the contract: the operation is there, declares the status and the content type, and the body has its schema.
 * The body of a request that was taken must have its schema as well, or the contract would promise less than the server does.
 */
public final class OpenApiCheck {
    private static final String BASE = "https://quotary.test/openapi.json";

    private final Value root;
    private final SchemaRegistry schemas;

    private OpenApiCheck(Value root) {
        this.root = root;
        var json = root.json();
        this.schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(BASE, json)));
    }

    /** The contract in a resource. */
    public static OpenApiCheck ofResource(String name) {
        try (var in = OpenApiCheck.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("there is no resource " + name);
            }
            return new OpenApiCheck(Documents.yaml(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What went over the wire. */
    public record Exchanged(
            String method, String target, String requestBody, int status, String contentType, String body) {}

    /** @throws AssertionError if an exchange is not as the contract says */
    public void check(Exchanged exchanged) {
        var what = exchanged.method() + " " + exchanged.target() + " -> " + exchanged.status();
        var path = pathOf(exchanged.target().replaceFirst("[?].*", ""));
        if (path.isEmpty()) {
            require(exchanged.status() == 404 || exchanged.status() == 401, what + ": no such path in the contract");
            return;
        }
        var operation = find(path.get(), exchanged.method().toLowerCase(Locale.ROOT));
        if (operation.isEmpty()) {
            require(exchanged.status() == 405, what + ": no such operation in the contract");
            return;
        }
        var response = find(operation.get(), "responses")
                .flatMap(responses -> find(responses, Integer.toString(exchanged.status())))
                .map(this::resolved)
                .orElseThrow(() -> new AssertionError(what + ": status not in the contract; body " + exchanged.body()));
        body(what, response, exchanged.contentType(), exchanged.body());
        if (exchanged.status() < 300 && !exchanged.requestBody().isEmpty()) {
            requestBody(what, operation.get(), exchanged.requestBody());
        }
    }

    private void body(String what, Value response, String contentType, String body) {
        if (body.isEmpty() && find(response, "content").isEmpty()) {
            return;
        }
        var type = contentType.replaceFirst(";.*", "");
        var media = find(response, "content")
                .flatMap(content -> find(content, type))
                .orElseThrow(() -> new AssertionError(what + ": content type '" + type + "' not in the contract"));
        if (type.endsWith("json")) {
            validate(what, media, body);
        }
    }

    private void requestBody(String what, Value operation, String body) {
        var content = find(operation, "requestBody").map(this::resolved).flatMap(value -> find(value, "content"));
        if (content.isPresent()) {
            var media = find(content.get(), "application/json").orElseThrow();
            validate(what + ", request", media, Documents.yaml(body).json());
        }
    }

    private void validate(String what, Value media, String body) {
        var schema = find(media, "schema").orElseThrow(() -> new AssertionError(what + ": no schema"));
        var errors = schemas.getSchema(SchemaLocation.of(BASE + "#" + fragment(schema.pointer())))
                .validate(body, InputFormat.JSON);
        require(
                errors.isEmpty(),
                what + ": not as in the contract: "
                        + errors.stream()
                                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                                .collect(Collectors.joining("; "))
                        + "\n" + body);
    }

    /** A pointer inside of a URI; braces of path templates are not allowed there. */
    private static String fragment(String pointer) {
        return pointer.replace("{", "%7B").replace("}", "%7D");
    }

    private Optional<Value> pathOf(String target) {
        var paths = find(root, "paths").orElseThrow();
        return paths.entries().entrySet().stream()
                .filter(entry -> matches(entry.getKey(), target))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean matches(String template, String target) {
        var steps = List.of(template.split("/", -1));
        var given = List.of(target.split("/", -1));
        if (steps.size() != given.size()) {
            return false;
        }
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).startsWith("{") && !steps.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    private Value resolved(Value value) {
        var reference = find(value, "$ref");
        if (reference.isEmpty()) {
            return value;
        }
        var found = root;
        for (var step : reference.get().string().substring(2).split("/", -1)) {
            found = find(found, step).orElseThrow();
        }
        return found;
    }

    private static Optional<Value> find(Value object, String member) {
        return Optional.ofNullable(object.entries().get(member));
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
