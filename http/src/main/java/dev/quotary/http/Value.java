package dev.quotary.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON or YAML document that knows where it stands, so that every error names the place and what was expected.
 *
 * <p>Reading is strict: a number is not taken for a text, nor a text for a number, but for decimals, which JSON users write as text
 * to keep them exact. Immutable.
 */
public final class Value {
    private final Kind kind;
    private final String text;
    private final List<Value> items;
    private final Map<String, Value> members;
    private final Place place;

    enum Kind {
        OBJECT("an object"),
        LIST("a list"),
        STRING("a text"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        NULL("null");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private Value(Kind kind, String text, List<Value> items, Map<String, Value> members, Place place) {
        this.kind = kind;
        this.text = text;
        this.items = items;
        this.members = members;
        this.place = place;
    }

    /**
     * Where a value stands. The pointer is put together only when an error asks for it: most requests have none.
     *
     * @param outer null for the whole document
     * @param name of the member; empty for an item of a list
     * @param index of the item; unused for a member
     */
    record Place(@Nullable Place outer, String name, int index, int line) {
        static Place root(int line) {
            return new Place(null, "", 0, line);
        }

        Place member(String memberName, int memberLine) {
            return new Place(this, memberName, MEMBER, memberLine);
        }

        Place item(int itemIndex, int itemLine) {
            return new Place(this, "", itemIndex, itemLine);
        }

        String pointer() {
            if (outer == null) {
                return "";
            }
            var step = index == MEMBER ? name.replace("~", "~0").replace("/", "~1") : Integer.toString(index);
            return outer.pointer() + "/" + step;
        }

        private static final int MEMBER = -1;
    }

    static Value scalar(Kind kind, String text, Place place) {
        return new Value(kind, text, List.of(), Map.of(), place);
    }

    static Value list(List<Value> items, Place place) {
        return new Value(Kind.LIST, "", items, Map.of(), place);
    }

    static Value object(Map<String, Value> members, Place place) {
        return new Value(Kind.OBJECT, "", List.of(), members, place);
    }

    public String pointer() {
        return place.pointer();
    }

    public int line() {
        return place.line();
    }

    public boolean isNull() {
        return kind == Kind.NULL;
    }

    public boolean isList() {
        return kind == Kind.LIST;
    }

    public boolean isObject() {
        return kind == Kind.OBJECT;
    }

    public boolean isText() {
        return kind == Kind.STRING;
    }

    /** The members of an object, each to be asked for by its name. */
    public Fields fields() {
        require(Kind.OBJECT);
        return new Fields(this, members);
    }

    public List<Value> items() {
        require(Kind.LIST);
        return items;
    }

    /** The one value itself, or the items of a list of them. */
    public List<Value> oneOrMany() {
        return kind == Kind.LIST ? items : List.of(this);
    }

    public String string() {
        require(Kind.STRING);
        return text;
    }

    /** The text of a text, number or truth value, as written: for configuration, which the environment has as text only. */
    public String scalar() {
        if (kind == Kind.OBJECT || kind == Kind.LIST || kind == Kind.NULL) {
            throw wrong("expected a single value, was " + shown());
        }
        return text;
    }

    public boolean bool() {
        require(Kind.BOOLEAN);
        return text.equals("true");
    }

    /** A whole number of the given range. */
    public long integer(long min, long max) {
        if (kind == Kind.NUMBER) {
            try {
                long number = new BigDecimal(text).longValueExact();
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (ArithmeticException _) {
                // Not whole, or far too large: told below.
            }
        }
        throw wrong("expected a whole number of " + min + ".." + max + ", was " + shown());
    }

    /** An exact decimal, written as text or as a number. */
    public <T> T decimal(Function<String, T> reader) {
        if (kind != Kind.NUMBER && kind != Kind.STRING) {
            throw wrong("expected a decimal number as text, such as \"0.50\", was " + shown());
        }
        return as(text, reader);
    }

    /** A text that means something: a failure of {@code reader} becomes an error that names this place. */
    public <T> T as(Function<String, T> reader) {
        return as(string(), reader);
    }

    private <T> T as(String input, Function<String, T> reader) {
        try {
            return reader.apply(input);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong(e.getMessage() == null ? "expected another value, was " + shown() : e.getMessage());
        }
    }

    /** One of a few words. */
    public <E> E oneOf(E[] choices, Function<E, String> word) {
        var given = string();
        for (var choice : choices) {
            if (word.apply(choice).equals(given)) {
                return choice;
            }
        }
        throw wrong("expected one of " + Arrays.stream(choices).map(word).collect(Collectors.joining(", ")) + ", was "
                + shown());
    }

    /** An instant with its offset, as RFC 3339 writes it. */
    public Instant instant() {
        try {
            return OffsetDateTime.parse(string()).toInstant();
        } catch (DateTimeException e) {
            throw wrong("expected a time such as 2026-11-22T10:00:00Z, was " + shown());
        }
    }

    public LocalDate date() {
        try {
            return LocalDate.parse(string());
        } catch (DateTimeException e) {
            throw wrong("expected a date such as 2026-01-31, was " + shown());
        }
    }

    /** Names of members and their texts. */
    public Map<String, String> texts() {
        require(Kind.OBJECT);
        var texts = new TreeMap<String, String>();
        members.forEach((name, value) -> texts.put(name, value.string()));
        return texts;
    }

    /** Names of members and their values, for objects whose names are not known beforehand. */
    public Map<String, Value> entries() {
        require(Kind.OBJECT);
        return members;
    }

    /** This object without one member. */
    public Value without(String name) {
        require(Kind.OBJECT);
        var fewer = new LinkedHashMap<>(members);
        fewer.remove(name);
        return object(fewer, place);
    }

    /** This object with a member more, or another value of it. */
    public Value with(String name, Value member) {
        require(Kind.OBJECT);
        var more = new LinkedHashMap<>(members);
        more.put(name, member);
        return object(more, place);
    }

    /** This object with a list as one of its members. */
    public Value with(String name, List<Value> list) {
        require(Kind.OBJECT);
        return with(name, list(list, place.member(name, line())));
    }

    /** This value changed by a merge patch (RFC 7386): members of objects are changed one by one, null takes one away. */
    public Value patched(Value patch) {
        if (patch.kind != Kind.OBJECT) {
            return patch;
        }
        var merged = new LinkedHashMap<String, Value>(kind == Kind.OBJECT ? members : Map.of());
        patch.members.forEach((name, value) -> {
            if (value.isNull()) {
                merged.remove(name);
            } else {
                merged.put(
                        name,
                        Optional.ofNullable(merged.get(name))
                                .orElseGet(() -> object(Map.of(), value.place))
                                .patched(value));
            }
        });
        return object(merged, place);
    }

    /** Runs a reader of several members; what it refuses is told with this place. */
    public <T> T checked(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong(e.getMessage() == null ? "expected another value" : e.getMessage());
        }
    }

    public InvalidInputException wrong(String expected) {
        return new InvalidInputException(pointer(), line(), expected);
    }

    private void require(Kind expected) {
        if (kind != expected) {
            throw wrong("expected " + expected.words + ", was " + shown());
        }
    }

    private String shown() {
        return switch (kind) {
            case STRING -> "'" + head() + "'";
            case NUMBER, BOOLEAN -> head();
            case OBJECT, LIST, NULL -> kind.words;
        };
    }

    private String head() {
        var head = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return head.replaceAll("\\p{Cntrl}", "?");
    }

    /** This value as compact JSON, members in their order. */
    public String json() {
        var out = new StringWriter();
        try (var json = Documents.JSON.createGenerator(out)) {
            write(json);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return out.toString();
    }

    private void write(JsonGenerator json) throws IOException {
        switch (kind) {
            case OBJECT -> {
                json.writeStartObject();
                for (var member : members.entrySet()) {
                    json.writeFieldName(member.getKey());
                    member.getValue().write(json);
                }
                json.writeEndObject();
            }
            case LIST -> {
                json.writeStartArray();
                for (var item : items) {
                    item.write(json);
                }
                json.writeEndArray();
            }
            case STRING -> json.writeString(text);
            case NUMBER -> json.writeNumber(text);
            case BOOLEAN -> json.writeBoolean(text.equals("true"));
            case NULL -> json.writeNull();
        }
    }

    /** This value with members in the order of their names and without those that are null: equal for values that say the same. */
    public Value canonical() {
        return switch (kind) {
            case OBJECT -> {
                var sorted = new TreeMap<String, Value>();
                members.forEach((name, value) -> {
                    if (!value.isNull()) {
                        sorted.put(name, value.canonical());
                    }
                });
                yield object(sorted, place);
            }
            case LIST -> list(items.stream().map(Value::canonical).toList(), place);
            case STRING, NUMBER, BOOLEAN, NULL -> this;
        };
    }

    @Override
    public String toString() {
        return json();
    }

    static @Nullable Value present(@Nullable Value value) {
        return value == null || value.isNull() ? null : value;
    }
}
