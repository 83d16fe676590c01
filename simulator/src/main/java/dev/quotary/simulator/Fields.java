package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** Reads members of a request as OpenAI does: null is as good as absent, and a number is never read from a string. */
final class Fields {
    private Fields() {}

    static Optional<String> text(ObjectNode json, String name) {
        return typed(json, name, JsonNode::isTextual, "a string").map(JsonNode::textValue);
    }

    static boolean flag(ObjectNode json, String name, boolean absent) {
        return typed(json, name, JsonNode::isBoolean, "a boolean")
                .map(JsonNode::booleanValue)
                .orElse(absent);
    }

    static Optional<ObjectNode> object(ObjectNode json, String name) {
        return typed(json, name, JsonNode::isObject, "an object").map(ObjectNode.class::cast);
    }

    static Optional<JsonNode> array(ObjectNode json, String name) {
        return typed(json, name, JsonNode::isArray, "an array of objects");
    }

    static OptionalInt number(ObjectNode json, String name, int min, int max) {
        var node = typed(json, name, JsonNode::isIntegralNumber, "an integer");
        if (node.isEmpty()) {
            return OptionalInt.empty();
        }
        var value = node.get().bigIntegerValue();
        if (value.compareTo(BigInteger.valueOf(min)) < 0) {
            throw invalid(name, "integer_below_min_value", "Expected a value >= " + min + ", but got " + shown(value));
        }
        if (value.compareTo(BigInteger.valueOf(max)) > 0) {
            throw invalid(name, "integer_above_max_value", "Expected a value <= " + max + ", but got " + shown(value));
        }
        return OptionalInt.of(value.intValueExact());
    }

    static InvalidRequestException missing(String param) {
        return new InvalidRequestException(ProviderError.invalid(
                param, "missing_required_parameter", "Missing required parameter: '" + param + "'."));
    }

    static InvalidRequestException wrongType(String param, String expected) {
        return new InvalidRequestException(ProviderError.invalid(
                param, "invalid_type", "Invalid type for '" + param + "': expected " + expected + "."));
    }

    static InvalidRequestException unsupported(String param, String value, Collection<String> supported) {
        var names = supported.stream().sorted().toList();
        return invalid(
                param,
                "invalid_value",
                "Supported values are " + String.join(", ", names) + ", but got " + shown(value));
    }

    static InvalidRequestException invalid(String param, String code, String problem) {
        return new InvalidRequestException(
                ProviderError.invalid(param, code, "Invalid '" + param + "': " + problem + "."));
    }

    private static Optional<JsonNode> typed(ObjectNode json, String name, Predicate<JsonNode> type, String expected) {
        return Optional.of(json.path(name))
                .filter(node -> !node.isMissingNode() && !node.isNull())
                .map(node -> {
                    if (!type.test(node)) {
                        throw wrongType(name, expected);
                    }
                    return node;
                });
    }

    private static String shown(Object value) {
        var text = value.toString();
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
