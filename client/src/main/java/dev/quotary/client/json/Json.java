package dev.quotary.client.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A JSON value. Immutable. */
public sealed interface Json {
    /** Members in their order. */
    record Obj(Map<String, Json> members) implements Json {
        public static final Obj EMPTY = new Obj(Map.of());

        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        public boolean has(String name) {
            return members.containsKey(name);
        }

        public Obj with(String name, Json value) {
            var changed = new LinkedHashMap<>(members);
            changed.put(name, value);
            return new Obj(changed);
        }

        public Obj with(String name, String value) {
            return with(name, new Text(value));
        }

        public Obj with(String name, long value) {
            return with(name, new Num(BigDecimal.valueOf(value)));
        }

        public Obj without(String name) {
            var changed = new LinkedHashMap<>(members);
            changed.remove(name);
            return new Obj(changed);
        }

        /** These members, and those of {@code other} in the place of those with the same name. */
        public Obj over(Obj other) {
            var changed = new LinkedHashMap<>(members);
            changed.putAll(other.members);
            return new Obj(changed);
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    record Text(String value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    record Num(BigDecimal value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return JsonWriter.text(this);
        }
    }

    /** The value {@code null}, and what stands for a member that is not there. */
    enum Nil implements Json {
        NULL;

        @Override
        public String toString() {
            return "null";
        }
    }

    /**
     * The value that plain Java stands for: text, whole and decimal numbers, truth, null, lists and maps of these by text.
     *
     * @throws IllegalArgumentException if it stands for none; a binary fraction does not, as it is not exact
     */
    static Json of(@Nullable Object value) {
        return of(value, 0);
    }

    private static Json of(@Nullable Object value, int depth) {
        if (depth > JsonReader.DEPTH_MAX) {
            throw new IllegalArgumentException("expected a value nested at most " + JsonReader.DEPTH_MAX + " deep");
        }
        if (value instanceof Json json) {
            return json;
        }
        if (value instanceof Map<?, ?> map) {
            var members = new LinkedHashMap<String, Json>();
            map.forEach((name, member) -> members.put(String.valueOf(name), of(member, depth + 1)));
            return new Obj(members);
        }
        if (value instanceof Iterable<?> list) {
            var items = new ArrayList<Json>();
            list.forEach(item -> items.add(of(item, depth + 1)));
            return new Arr(items);
        }
        return scalar(value);
    }

    private static Json scalar(@Nullable Object value) {
        if (value == null) {
            return Nil.NULL;
        }
        if (value instanceof CharSequence || value instanceof Enum<?>) {
            return new Text(value.toString());
        }
        if (value instanceof Boolean truth) {
            return new Bool(truth);
        }
        if (value instanceof BigDecimal
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short) {
            return new Num(new BigDecimal(value.toString()));
        }
        throw new IllegalArgumentException(
                "expected text, a whole or decimal number, true, false, null, a list or a map, was "
                        + value.getClass().getName());
    }

    /** A member of an object; {@link Nil} if it is not there, or this is no object. */
    default Json at(String name) {
        return this instanceof Obj object ? object.members().getOrDefault(name, Nil.NULL) : Nil.NULL;
    }

    /** The items of a list; none if this is no list. */
    default List<Json> items() {
        return this instanceof Arr list ? list.items() : List.of();
    }

    /** The members of an object; none if this is no object. */
    default Map<String, Json> entries() {
        return this instanceof Obj object ? object.members() : Map.of();
    }

    default Optional<String> text() {
        return this instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }

    /** A number, also one that is written as text, as money is. */
    default Optional<BigDecimal> decimal() {
        if (this instanceof Num number) {
            return Optional.of(number.value());
        }
        return text().flatMap(JsonReader::number);
    }

    /** A whole number that a {@code long} holds. */
    default Optional<Long> whole() {
        try {
            return decimal().map(BigDecimal::longValueExact);
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    default boolean isTrue() {
        return this instanceof Bool truth && truth.value();
    }

    /** This value with each text in it changed. */
    default Json mapTexts(UnaryOperator<String> change) {
        if (this instanceof Text text) {
            return new Text(change.apply(text.value()));
        }
        if (this instanceof Arr list) {
            return new Arr(
                    list.items().stream().map(item -> item.mapTexts(change)).toList());
        }
        if (this instanceof Obj object) {
            var members = new LinkedHashMap<String, Json>();
            object.members().forEach((name, member) -> members.put(name, member.mapTexts(change)));
            return new Obj(members);
        }
        return this;
    }
}
