package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.text.NameSlot;
import dev.quotary.provider.text.TextTally;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The outermost members of an answer about images or audio, or of an event of its stream: what was used, and what was written. Images and
 * audio in it are passed over, not decoded.
 */
public final class UsageDocument {
    /** What these APIs call the text that a model wrote, whole or the next part of it. */
    private static final Set<String> TEXTS = Set.of("text", "delta");

    private final byte[] bytes;
    private final int from;
    private Optional<String> type = Optional.empty();
    private Optional<String> model = Optional.empty();
    private Optional<BigDecimal> duration = Optional.empty();
    private @Nullable UsageTree usage;
    private @Nullable UsageTree svgUsage;
    private @Nullable String broken;
    private long elements;
    private boolean error;
    private int textFrom = -1;

    private UsageDocument(byte[] bytes, int from) {
        this.bytes = bytes;
        this.from = from;
    }

    public static UsageDocument read(Json json, byte[] bytes, int from, int to) {
        var document = new UsageDocument(bytes, from);
        try (JsonParser parser = json.parser(bytes, from, to)) {
            if (parser.nextToken() != START_OBJECT) {
                document.broken = "the answer is not one JSON object";
                return document;
            }
            while (parser.nextToken() == FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                document.member(name, parser);
            }
            if (parser.nextToken() != null) {
                document.broken = "the answer is more than one JSON object";
            }
        } catch (IOException e) {
            document.broken = "the answer is not complete, valid JSON";
        }
        return document;
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "type" -> type = name(parser);
            case "model" -> model = name(parser);
            case "usage" -> usage = tree(name, usage, parser);
            case "svg_usage" -> svgUsage = tree(name, svgUsage, parser);
            case "duration" -> duration(parser);
            case "data" -> elements(parser);
            case "error" -> {
                error = parser.currentToken() != VALUE_NULL;
                parser.skipChildren();
            }
            default -> {
                if (TEXTS.contains(name) && parser.currentToken() == VALUE_STRING) {
                    textFrom = from + (int) parser.currentTokenLocation().getByteOffset() + 1;
                }
                parser.skipChildren();
            }
        }
    }

    private static Optional<String> name(JsonParser parser) throws IOException {
        boolean string = parser.currentToken() == VALUE_STRING;
        parser.skipChildren();
        int length = string ? parser.getTextLength() : 0;
        return length == 0 || length > NameSlot.LENGTH_MAX ? Optional.empty() : Optional.of(parser.getText());
    }

    private @Nullable UsageTree tree(String name, @Nullable UsageTree before, JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return before;
        }
        if (before != null) {
            broken = name + " occurs more than once";
        }
        if (parser.currentToken() != START_OBJECT) {
            broken = name + " is not an object";
            parser.skipChildren();
            return before;
        }
        return UsageTree.read(parser);
    }

    private void duration(JsonParser parser) throws IOException {
        boolean number = parser.currentToken().isNumeric() && parser.getTextLength() <= NameSlot.LENGTH_MAX;
        parser.skipChildren();
        duration = number ? Optional.of(new BigDecimal(parser.getText())) : Optional.empty();
    }

    private void elements(JsonParser parser) throws IOException {
        if (parser.currentToken() != START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != END_ARRAY) {
            elements++;
            parser.skipChildren();
        }
    }

    public Optional<String> type() {
        return type;
    }

    public Optional<String> model() {
        return model;
    }

    public Optional<UsageTree> usage() {
        return Optional.ofNullable(usage);
    }

    /** What another model used within the call, to draw with text. */
    public Optional<UsageTree> svgUsage() {
        return Optional.ofNullable(svgUsage);
    }

    /** How long the audio is, in seconds, as answers tell it that have no usage. */
    public Optional<BigDecimal> duration() {
        return duration;
    }

    /** How many things the member {@code data} holds. */
    public long elements() {
        return elements;
    }

    /** Why it cannot be relied on. */
    public Optional<String> broken() {
        return Optional.ofNullable(broken);
    }

    /** Whether it says that the call failed. */
    public boolean error() {
        return error;
    }

    /** Adds the text that was written. */
    public void text(TextTally tally) {
        if (textFrom >= 0) {
            tally.add(bytes, textFrom, JsonText.end(bytes, textFrom, bytes.length));
        }
    }
}
