package dev.quotary.provider.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.provider.RequestReading.Rejected;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parser on a request's body that also knows where it is in the bytes, and remembers the first thing that was wrong. Readers stop
 * when {@link #ok} turns false.
 */
public final class RequestCursor {
    private final JsonParser parser;
    private final byte[] body;
    private @Nullable Rejected rejected;

    public RequestCursor(JsonParser parser, byte[] body) {
        this.parser = parser;
        this.body = body;
    }

    public boolean ok() {
        return rejected == null;
    }

    public Optional<Rejected> rejected() {
        return Optional.ofNullable(rejected);
    }

    /** Stops the reading. */
    public void reject(Rejected reason) {
        rejected = rejected == null ? reason : rejected;
    }

    public void rejectType(String param, String expected) {
        reject(Rejected.of("Invalid type for '" + param + "': expected " + expected + ".", param));
    }

    /** The next token, null at the end of the body. */
    public @Nullable JsonToken next() throws IOException {
        return parser.nextToken();
    }

    /** Whether another element or member of the current array or object follows, and nothing was rejected. */
    public boolean more() throws IOException {
        if (!ok()) {
            return false;
        }
        JsonToken next = parser.nextToken();
        return next != JsonToken.END_ARRAY && next != JsonToken.END_OBJECT && next != null;
    }

    /** The name of the member at hand; moves on to its value. */
    public String member() throws IOException {
        String name = parser.currentName();
        parser.nextToken();
        return name;
    }

    public boolean at(JsonToken token) {
        return parser.currentToken() == token;
    }

    public boolean atNull() {
        return at(JsonToken.VALUE_NULL);
    }

    /** Where the token at hand starts; for the name of a member and for a string that is its opening quote. */
    public int offset() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Where the string at hand ends, behind its closing quote. */
    public int stringEnd() {
        return JsonText.end(body, offset() + 1, body.length) + 1;
    }

    /** UTF-8 bytes of the string or name at hand, not decoded. */
    public int textBytes() {
        return JsonText.decodedBytes(body, offset() + 1, body.length);
    }

    /** Whether the bytes of the string at hand begin like this, not decoded. */
    public boolean textStartsWith(String ascii) {
        int start = offset() + 1;
        for (int i = 0; i < ascii.length(); i++) {
            if (start + i >= body.length || body[start + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public String text() throws IOException {
        return parser.getText();
    }

    /** The whole number at hand if it lies in the range, empty for anything else. */
    public Optional<Long> wholeNumber(long min, long max) throws IOException {
        if (!at(JsonToken.VALUE_NUMBER_INT) || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            return Optional.empty();
        }
        long number = parser.getLongValue();
        return number < min || number > max ? Optional.empty() : Optional.of(number);
    }

    /** Moves to the end of the value at hand; gives its length in bytes. */
    public int skip() throws IOException {
        int start = offset();
        if (at(JsonToken.START_OBJECT) || at(JsonToken.START_ARRAY)) {
            parser.skipChildren();
            return offset() + 1 - start;
        }
        return at(JsonToken.VALUE_STRING) ? textBytes() + 2 : parser.getTextLength();
    }

    /** The place behind the last byte that is no whitespace before the token at hand. */
    public int beforeWhitespace() {
        int at = offset();
        while (body[at - 1] == ' ' || body[at - 1] == '\n' || body[at - 1] == '\r' || body[at - 1] == '\t') {
            at--;
        }
        return at;
    }

    /**
     * Moves to the end of the value at hand; gives the UTF-8 bytes of its texts and of the names within it, since a server may show them
     * all to a model. Numbers count as they are written.
     */
    public long valueBytes() throws IOException {
        long bytes = 0;
        int depth = 0;
        do {
            if (at(JsonToken.VALUE_STRING) || at(JsonToken.FIELD_NAME)) {
                bytes += textBytes();
            } else if (at(JsonToken.START_OBJECT) || at(JsonToken.START_ARRAY)) {
                depth++;
            } else if (at(JsonToken.END_OBJECT) || at(JsonToken.END_ARRAY)) {
                depth--;
            } else {
                bytes += atNull() ? 0 : parser.getTextLength();
            }
        } while (depth > 0 && next() != null);
        return bytes;
    }
}
