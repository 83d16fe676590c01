package dev.quotary.client.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one JSON value, strictly (RFC 8259), nested no deeper than {@link #DEPTH_MAX}. How long it may be is up to who got the text. */
public final class JsonReader {
    public static final int DEPTH_MAX = 64;

    /** Longer ones, or such exponents, are no amounts, and take their reader's memory when they are written out. */
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]{0,63})(\\.[0-9]{1,64})?([eE][+-]?[0-9]{1,3})?");

    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";
    private static final int HEX = 16;
    private static final int UNICODE_DIGITS = 4;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if {@code text} is not one JSON value, or is nested too deep; its message has nothing of the text */
    public static Json read(String text) {
        var reader = new JsonReader(text);
        var value = reader.value();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.wrong("the end");
        }
        return value;
    }

    static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    private Json value() {
        return switch (peek()) {
            case '{' -> nested(true);
            case '[' -> nested(false);
            case '"' -> new Json.Text(string());
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", Json.Nil.NULL);
            default -> number();
        };
    }

    private Json nested(boolean object) {
        if (++depth > DEPTH_MAX) {
            throw wrong("a value nested at most " + DEPTH_MAX + " deep");
        }
        var value = object ? new Json.Obj(members()) : new Json.Arr(items());
        depth--;
        return value;
    }

    private Map<String, Json> members() {
        var members = new LinkedHashMap<String, Json>();
        take('{');
        if (!taken('}')) {
            do {
                var name = string();
                take(':');
                members.put(name, value());
            } while (taken(','));
            take('}');
        }
        return members;
    }

    private List<Json> items() {
        var items = new ArrayList<Json>();
        take('[');
        if (!taken(']')) {
            do {
                items.add(value());
            } while (taken(','));
            take(']');
        }
        return items;
    }

    private String string() {
        var result = new StringBuilder();
        take('"');
        while (next() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw wrong("no control character in a text");
            }
            result.append(c == '\\' ? escaped() : c);
        }
        at++;
        return result.toString();
    }

    private char escaped() {
        char kind = next();
        at++;
        if (kind == 'u') {
            return unicode();
        }
        int known = ESCAPES.indexOf(kind);
        if (known < 0) {
            throw wrong("an escape");
        }
        return ESCAPED.charAt(known);
    }

    private char unicode() {
        int code = 0;
        for (int i = 0; i < UNICODE_DIGITS; i++) {
            int digit = Character.digit(next(), HEX);
            if (digit < 0) {
                throw wrong("a hexadecimal digit");
            }
            code = code * HEX + digit;
            at++;
        }
        return (char) code;
    }

    private Json word(String word, Json meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong("'" + word + "'");
        }
        at += word.length();
        return meaning;
    }

    private Json number() {
        int begin = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return new Json.Num(number(text.substring(begin, at)).orElseThrow(() -> wrong("a value")));
    }

    private char peek() {
        skipSpace();
        return next();
    }

    private char next() {
        if (at == text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void take(char expected) {
        if (peek() != expected) {
            throw wrong("'" + expected + "'");
        }
        at++;
    }

    private boolean taken(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("expected " + expected + " at character " + at + " of the JSON");
    }
}
