package dev.quotary.provider.anthropic;

import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.text.TextSink;
import java.nio.charset.StandardCharsets;

/**
 * Finds the type of an event and the text that the model wrote in it, in one look at its bytes. Made once per stream and used for one
 * event after the other, so that an event allocates nothing.
 *
 * <p>This is no parser: it follows strings, brackets and depth, and judges nothing else. That is enough, because a name with its quotes
 * cannot occur inside a JSON string, where quotes are escaped. Usage itself is read by {@link MessageReader}.
 */
final class EventScan {
    private static final byte[] TYPE = bytes("type");
    private static final byte[] ERROR = bytes("error");
    private static final byte[] DELTA = bytes("delta");
    private static final byte[] CONTENT_BLOCK = bytes("content_block");
    private static final byte[] TEXT = bytes("text");
    private static final byte[] THINKING = bytes("thinking");
    private static final byte[] PARTIAL_JSON = bytes("partial_json");
    private static final byte[] CONTENT = bytes("content");
    private static final byte[] NAME = bytes("name");

    private static final byte[] MESSAGE_START = bytes("message_start");
    private static final byte[] MESSAGE_DELTA = bytes("message_delta");
    private static final byte[] MESSAGE_STOP = bytes("message_stop");

    private final TextSink sink;

    private byte[] json = {};
    private int to;
    private int depth;
    private int typeFrom;
    private int typeTo;
    private boolean error;
    /** Whether the object at depth 2 is one that holds what the model wrote. */
    private boolean written;

    EventScan(TextSink sink) {
        this.sink = sink;
    }

    /** Looks at an event; what the model wrote goes to the sink. */
    void scan(byte[] bytes, int from, int end) {
        json = bytes;
        to = end;
        depth = 0;
        typeFrom = from;
        typeTo = from;
        error = false;
        written = false;
        int at = from;
        while (at < to) {
            switch (json[at]) {
                case '{', '[' -> {
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    at++;
                }
                case '"' -> at = string(at);
                default -> at++;
            }
        }
    }

    boolean messageStart() {
        return is(MESSAGE_START, typeFrom, typeTo);
    }

    boolean messageDelta() {
        return is(MESSAGE_DELTA, typeFrom, typeTo);
    }

    boolean messageStop() {
        return is(MESSAGE_STOP, typeFrom, typeTo);
    }

    /** Whether the event says that the call failed. */
    boolean failed() {
        return error || is(ERROR, typeFrom, typeTo);
    }

    /** Passes a string; if it is a name, looks at its value. Gives the place to go on at. */
    private int string(int quote) {
        int close = JsonText.end(json, quote + 1, to);
        if (close >= to) {
            return to;
        }
        int colon = pastWhitespace(close + 1);
        if (colon >= to || json[colon] != ':') {
            return colon;
        }
        int value = pastWhitespace(colon + 1);
        if (value < to) {
            member(quote + 1, close, value);
        }
        return value;
    }

    private void member(int from, int end, int value) {
        if (depth == 1) {
            topMember(from, end, value);
        } else if (depth == 2 && written && json[value] == '"' && holdsText(from, end)) {
            int close = JsonText.end(json, value + 1, to);
            if (close < to) {
                sink.add(json, value + 1, close);
            }
        }
    }

    private void topMember(int from, int end, int value) {
        written = is(DELTA, from, end) || is(CONTENT_BLOCK, from, end);
        if (is(TYPE, from, end) && json[value] == '"') {
            typeFrom = value + 1;
            typeTo = Math.min(JsonText.end(json, typeFrom, to), to);
        } else if (is(ERROR, from, end)) {
            error |= json[value] != 'n';
        }
    }

    private boolean holdsText(int from, int end) {
        return is(TEXT, from, end)
                || is(PARTIAL_JSON, from, end)
                || is(THINKING, from, end)
                || is(NAME, from, end)
                || is(CONTENT, from, end);
    }

    private boolean is(byte[] word, int from, int end) {
        if (end - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (json[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private int pastWhitespace(int from) {
        int at = from;
        while (at < to && (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r')) {
            at++;
        }
        return at;
    }

    private static byte[] bytes(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
