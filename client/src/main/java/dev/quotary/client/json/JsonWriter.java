package dev.quotary.client.json;

import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;

/** Writes JSON on one line: without white space, and with nothing in it that ends a line. */
final class JsonWriter {
    private static final char FIRST_PRINTABLE = ' ';
    private final StringBuilder out = new StringBuilder();

    private JsonWriter() {}

    static String text(Json value) {
        var writer = new JsonWriter();
        writer.write(value);
        return writer.out.toString();
    }

    private void write(Json value) {
        if (value instanceof Json.Obj object) {
            writeObject(object.members().entrySet().iterator());
        } else if (value instanceof Json.Arr list) {
            writeList(list.items().iterator());
        } else if (value instanceof Json.Text text) {
            writeText(text.value());
        } else if (value instanceof Json.Num number) {
            out.append(number.value());
        } else if (value instanceof Json.Bool truth) {
            out.append(truth.value());
        } else {
            out.append("null");
        }
    }

    private void writeObject(Iterator<Map.Entry<String, Json>> members) {
        out.append('{');
        while (members.hasNext()) {
            var member = members.next();
            writeText(member.getKey());
            out.append(':');
            write(member.getValue());
            if (members.hasNext()) {
                out.append(',');
            }
        }
        out.append('}');
    }

    private void writeList(Iterator<Json> items) {
        out.append('[');
        while (items.hasNext()) {
            write(items.next());
            if (items.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private void writeText(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || unpaired(text, i)) {
                // Half of a pair has no form in UTF-8: sent as such it would arrive as another text.
                out.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean unpaired(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
