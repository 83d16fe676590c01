package dev.quotary.provider.form;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What separates the parts of a form: a line feed, two dashes and a word. Looked for by the method of Horspool. */
final class Boundary {
    /** Nothing but the boundary may stand behind the type, quoted or not, so that no parser finds another one. */
    private static final Pattern HEADER = Pattern.compile(
            "multipart/form-data *; *boundary=(\"?)([0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-])\\1");

    private static final Pattern TOKEN = Pattern.compile("[0-9A-Za-z'+_.-]+");

    private final byte[] delimiter;
    private final int[] shift = new int[256];

    private Boundary(String word) {
        delimiter = ("\r\n--" + word).getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(shift, delimiter.length);
        for (int i = 0; i < delimiter.length - 1; i++) {
            shift[delimiter[i] & 0xFF] = delimiter.length - 1 - i;
        }
    }

    /** The boundary that a header {@code content-type} names. */
    static Optional<Boundary> of(String contentType) {
        int semicolon = contentType.indexOf(';');
        if (semicolon < 0) {
            return Optional.empty();
        }
        var type = contentType.substring(0, semicolon).strip().toLowerCase(Locale.ROOT);
        var header = HEADER.matcher(type + contentType.substring(semicolon).strip());
        if (!header.matches()) {
            return Optional.empty();
        }
        boolean quoted = !header.group(1).isEmpty();
        var word = header.group(2);
        return quoted || TOKEN.matcher(word).matches() ? Optional.of(new Boundary(word)) : Optional.empty();
    }

    int length() {
        return delimiter.length;
    }

    /** Where the first part begins; -1 unless the body begins with the boundary. */
    int opening(byte[] body) {
        int length = delimiter.length - 2;
        boolean opens = opens(body, 0) && body.length >= length + 2 && body[length] == '\r' && body[length + 1] == '\n';
        return opens ? length + 2 : -1;
    }

    /** Whether the boundary is at this place, at the beginning of a line. */
    boolean opens(byte[] body, int at) {
        int length = delimiter.length - 2;
        return body.length - at >= length && Arrays.equals(body, at, at + length, delimiter, 2, delimiter.length);
    }

    /** Where the delimiter begins at this place or behind it; -1 if it does not come. */
    int find(byte[] body, int from) {
        int last = delimiter.length - 1;
        int at = from;
        while (at <= body.length - delimiter.length) {
            int i = last;
            while (i >= 0 && body[at + i] == delimiter[i]) {
                i--;
            }
            if (i < 0) {
                return at;
            }
            at += shift[body[at + last] & 0xFF];
        }
        return -1;
    }
}
