package dev.quotary.api.export;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of RFC 4180: separated by commas, in quotes where needed, ended by CR and LF. */
final class Csv {
    private Csv() {}

    /** Writes a line; null is an empty value. */
    static void line(StringBuilder out, List<@Nullable String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            value(out, values.get(i));
        }
        out.append("\r\n");
    }

    private static void value(StringBuilder out, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        if (value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
            out.append(value);
            return;
        }
        out.append('"').append(value.replace("\"", "\"\"")).append('"');
    }
}
