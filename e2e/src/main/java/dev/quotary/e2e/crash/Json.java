package dev.quotary.e2e.crash;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value, read without any code of the server: a black box is not measured with its own ruler. */
final class Json {
    private final Object value;

    private Json(Object value) {
        this.value = value;
    }

    /** @throws IllegalArgumentException if {@code text} is not one JSON value */
    static Json parse(String text) {
        var parser = new Parser(text);
        var json = parser.value();
        parser.end();
        return json;
    }

    boolean has(String member) {
        return value instanceof Map<?, ?> members && members.containsKey(member);
    }

    Json at(String member) {
        if (value instanceof Map<?, ?> members && members.get(member) instanceof Json found) {
            return found;
        }
        throw new IllegalArgumentException("expected a member '" + member + "' in " + this);
    }

    List<Json> items() {
        if (value instanceof List<?> list) {
            return list.stream().map(Json.class::cast).toList();
        }
        throw new IllegalArgumentException("expected an array, was " + this);
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("expected a text, was " + this);
    }

    /** A number, or a text that holds one. */
    BigDecimal decimal() {
        return switch (value) {
            case BigDecimal number -> number;
            case String text -> new BigDecimal(text);
            default -> throw new IllegalArgumentException("expected a number, was " + this);
        };
    }

    long number() {
        return decimal().longValueExact();
    }

    @Override
    public String toString() {
        return value.toString();
    }

    private enum Nothing {
        NULL;

        @Override
        public String toString() {
            return "null";
        }
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        Json value() {
            return new Json(
                    switch (peek()) {
                        case '{' -> object();
                        case '[' -> array();
                        case '"' -> string();
                        case 't' -> word("true", true);
                        case 'f' -> word("false", false);
                        case 'n' -> word("null", Nothing.NULL);
                        default -> number();
                    });
        }

        void end() {
            skipSpace();
            if (at < text.length()) {
                throw wrong("the end");
            }
        }

        private Map<String, Json> object() {
            var members = new LinkedHashMap<String, Json>();
            take('{');
            while (peek() != '}') {
                if (!members.isEmpty()) {
                    take(',');
                    peek();
                }
                var name = string();
                take(':');
                members.put(name, value());
            }
            take('}');
            return members;
        }

        private List<Json> array() {
            var items = new ArrayList<Json>();
            take('[');
            while (peek() != ']') {
                if (!items.isEmpty()) {
                    take(',');
                }
                items.add(value());
            }
            take(']');
            return items;
        }

        private String string() {
            var result = new StringBuilder();
            take('"');
            while (at < text.length() && text.charAt(at) != '"') {
                result.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at++));
            }
            take('"');
            return result.toString();
        }

        private char escaped() {
            char kind = text.charAt(at + 1);
            at += 2;
            return switch (kind) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    at += 4;
                    yield (char) Integer.parseInt(text, at - 4, at, 16);
                }
                default -> kind;
            };
        }

        private Object word(String word, Object meaning) {
            if (!text.startsWith(word, at)) {
                throw wrong("'" + word + "'");
            }
            at += word.length();
            return meaning;
        }

        private BigDecimal number() {
            int begin = at;
            while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (begin == at) {
                throw wrong("a value");
            }
            return new BigDecimal(text.substring(begin, at));
        }

        private char peek() {
            skipSpace();
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

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private IllegalArgumentException wrong(String expected) {
            return new IllegalArgumentException("expected " + expected + " at " + at + " of: " + text);
        }
    }
}
