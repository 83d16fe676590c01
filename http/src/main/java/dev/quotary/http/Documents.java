package dev.quotary.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** Reads JSON and YAML into {@link Value}s: bounded in depth and in the length of numbers, duplicate names refused. */
public final class Documents {
    private static final int DEPTH_MAX = 64;
    private static final int NUMBER_LENGTH_MAX = 64;

    private static final StreamReadConstraints BOUNDS = StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH_MAX)
            .maxNumberLength(NUMBER_LENGTH_MAX)
            .build();

    /** Buffers are kept per thread: event loops are few, live long and never wait for one another. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(BOUNDS)
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private static final YAMLFactory YAML =
            YAMLFactory.builder().streamReadConstraints(BOUNDS).build();

    private Documents() {}

    /** @throws InvalidInputException if it is not one JSON value, or larger than the bounds */
    public static Value json(byte[] bytes) {
        try (var parser = JSON.createParser(bytes)) {
            return document(parser, false);
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("", 0, "expected JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidInputException("", 0, "expected JSON in UTF-8");
        }
    }

    public static Value json(String text) {
        return json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text as a value. */
    public static Value text(String text) {
        return Value.scalar(Value.Kind.STRING, text, Value.Place.root(0));
    }

    /** @throws InvalidInputException if it is not one YAML document, or larger than the bounds; an empty one is an empty object */
    public static Value yaml(String text) {
        try (var parser = YAML.createParser(text)) {
            return document(parser, true);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new InvalidInputException(
                    "", at == null ? 0 : at.getLineNr(), "expected YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new InvalidInputException("", 0, "expected YAML: " + e.getMessage());
        }
    }

    private static Value document(JsonParser parser, boolean lines) throws IOException {
        var root = Value.Place.root(lines ? 1 : 0);
        var first = parser.nextToken();
        if (first == null) {
            if (lines) {
                return Value.object(new LinkedHashMap<>(), root);
            }
            throw new InvalidInputException("", 0, "expected JSON, was empty");
        }
        var value = value(parser, first, root, lines);
        if (parser.nextToken() != null) {
            throw new InvalidInputException("", line(parser, lines), "expected one value, but more follows");
        }
        return value;
    }

    private static Value value(JsonParser parser, JsonToken token, Value.Place place, boolean lines)
            throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser, place, lines);
            case START_ARRAY -> list(parser, place, lines);
            case VALUE_STRING -> Value.scalar(Value.Kind.STRING, parser.getText(), place);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                lines ? yamlNumber(parser, place) : Value.scalar(Value.Kind.NUMBER, parser.getText(), place);
            case VALUE_TRUE, VALUE_FALSE -> Value.scalar(Value.Kind.BOOLEAN, parser.getText(), place);
            case VALUE_NULL -> Value.scalar(Value.Kind.NULL, "", place);
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new InvalidInputException(place.pointer(), place.line(), "expected a value");
        };
    }

    /** YAML has numbers that JSON has not, such as 0x1f and 1_000; the latter are numbers here, the others texts. */
    private static Value yamlNumber(JsonParser parser, Value.Place place) throws IOException {
        var text = parser.getText().replace("_", "");
        boolean plain = text.matches("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");
        return Value.scalar(plain ? Value.Kind.NUMBER : Value.Kind.STRING, text, place);
    }

    private static Value object(JsonParser parser, Value.Place place, boolean lines) throws IOException {
        var members = new LinkedHashMap<String, Value>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var memberPlace = place.member(name, line(parser, lines));
            if (members.put(name, value(parser, parser.nextToken(), memberPlace, lines)) != null) {
                throw new InvalidInputException(
                        memberPlace.pointer(), memberPlace.line(), "expected member '" + name + "' only once");
            }
        }
        return Value.object(members, place);
    }

    private static Value list(JsonParser parser, Value.Place place, boolean lines) throws IOException {
        var items = new ArrayList<Value>();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(parser, token, place.item(items.size(), line(parser, lines)), lines));
        }
        return Value.list(items, place);
    }

    /** Asked for only where lines mean something: a parser makes an object of every location. */
    private static int line(JsonParser parser, boolean lines) {
        return lines ? parser.currentTokenLocation().getLineNr() : 0;
    }
}
