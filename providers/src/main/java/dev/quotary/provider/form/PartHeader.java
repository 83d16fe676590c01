package dev.quotary.provider.form;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The header of one part.
 *
 * @param wrong why it cannot be relied on; empty if it can
 * @param end where the content of the part begins
 */
record PartHeader(String name, boolean file, int end, Optional<String> wrong) {
    private static final int BYTES_MAX = 4 * 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}(\\[[A-Za-z0-9_]{0,32}])*");

    /** {@code ; name="value"}, the value quoted or a token; escapes and quotes within are read differently by different parsers. */
    private static final Pattern PARAMETER =
            Pattern.compile("; *([A-Za-z]+\\*?)=(?:\"([^\"\\\\\\r\\n]*)\"|([^\"\\\\;\\s]+))");

    private static final Set<String> PLAIN = Set.of("binary", "8bit", "7bit");

    static PartHeader read(byte[] body, int from) {
        var lines = new ArrayList<String>();
        int lineFrom = from;
        int to = Math.min(body.length, from + BYTES_MAX);
        for (int at = from; at + 1 < to; at++) {
            if (body[at] == '\n') {
                return wrong("a line of a part's header ends with a bare line feed");
            }
            if (body[at] == '\r' && body[at + 1] == '\n') {
                if (at == lineFrom) {
                    return of(lines, at + 2);
                }
                lines.add(new String(body, lineFrom, at - lineFrom, StandardCharsets.UTF_8));
                lineFrom = at + 2;
                at++;
            }
        }
        return wrong("the header of a part does not end within " + BYTES_MAX + " bytes");
    }

    private static PartHeader of(List<String> lines, int end) {
        Optional<String> disposition = Optional.empty();
        for (String line : lines) {
            int colon = line.indexOf(':');
            var name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
            var value = line.substring(colon + 1).strip();
            if (name.isEmpty() || !name.equals(name.strip())) {
                return wrong("a line of a part's header is no header");
            }
            if (name.equals("content-transfer-encoding") && !PLAIN.contains(value.toLowerCase(Locale.ROOT))) {
                return wrong("a part has a content-transfer-encoding");
            }
            if (name.equals("content-disposition")) {
                if (disposition.isPresent()) {
                    return wrong("a part has two content-dispositions");
                }
                disposition = Optional.of(value);
            }
        }
        return disposition.map(value -> of(value, end)).orElseGet(() -> wrong("a part has no content-disposition"));
    }

    private static PartHeader of(String disposition, int end) {
        var kind = "form-data";
        if (!disposition.regionMatches(true, 0, kind, 0, kind.length())) {
            return wrong("a content-disposition is not form-data");
        }
        var parameters = PARAMETER.matcher(disposition);
        Optional<String> name = Optional.empty();
        boolean file = false;
        int at = kind.length();
        while (at < disposition.length() && parameters.find(at) && parameters.start() == at) {
            at = parameters.end();
            var key = parameters.group(1).toLowerCase(Locale.ROOT);
            var value = parameters.group(2) == null ? parameters.group(3) : parameters.group(2);
            if (key.equals("name") && name.isEmpty()) {
                name = Optional.of(value);
            } else if (key.equals("filename") || key.equals("filename*")) {
                file = true;
            } else {
                return wrong("a content-disposition has a parameter twice, or one that is not known");
            }
        }
        boolean whole = at == disposition.length()
                && name.filter(NAME.asMatchPredicate()).isPresent();
        return whole
                ? new PartHeader(name.orElseThrow(), file, end, Optional.empty())
                : wrong("a content-disposition cannot be read without doubt");
    }

    private static PartHeader wrong(String reason) {
        return new PartHeader("", false, 0, Optional.of(reason));
    }
}
