package dev.quotary.provider.openai;

import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.text.NameSet;
import dev.quotary.provider.text.NameSlot;
import dev.quotary.provider.text.TextSink;
import dev.quotary.provider.text.TextTally;
import java.nio.charset.StandardCharsets;

/**
 * Finds the few things that matter in a chunk of a stream, in one look at its bytes. Made once per stream and used for one chunk after
 * the other, so that a chunk allocates nothing.
 *
 * <p>This is no parser: it follows strings, brackets and depth, and judges nothing else. That is enough, because a name with its quotes
 * cannot occur inside a JSON string, where quotes are escaped. Usage itself is read by {@link AnswerReader}.
 */
final class ChunkScan {
    private static final byte[] USAGE = name("usage");
    private static final byte[] MODEL = name("model");
    private static final byte[] ERROR = name("error");
    private static final byte[] SERVICE_TIER = name("service_tier");
    private static final byte[] FINISH_REASON = name("finish_reason");
    /** Where legacy completions have their content. */
    private static final byte[] TEXT = name("text");

    private static final byte[] CONTENT = name("content");
    private static final byte[] REFUSAL = name("refusal");
    private static final byte[] REASONING = name("reasoning");
    private static final byte[] REASONING_CONTENT = name("reasoning_content");
    private static final byte[] TRANSCRIPT = name("transcript");
    private static final byte[] ARGUMENTS = name("arguments");
    private static final byte[] NAME = name("name");

    private final TextTally tally;
    private final NameSlot model = new NameSlot();
    private final NameSlot serviceTier = new NameSlot();
    private final NameSet finishReasons = new NameSet();

    private byte[] json = {};
    private int to;
    private int depth;
    private boolean wellFormed;
    private int usageMembers;
    private int usageNameAt;
    private int usageValueAt;
    private boolean error;

    ChunkScan(TextTally tally) {
        this.tally = tally;
    }

    /** Looks at a document; what the model wrote goes to the tally. */
    void scan(byte[] bytes, int from, int end) {
        json = bytes;
        to = end;
        depth = 0;
        wellFormed = true;
        usageMembers = 0;
        error = false;
        boolean opened = false;
        int at = from;
        while (at < to && wellFormed) {
            switch (json[at]) {
                case '{', '[' -> {
                    wellFormed = depth > 0 || !opened;
                    opened = true;
                    depth++;
                    at++;
                }
                case '}', ']' -> {
                    wellFormed = --depth >= 0;
                    at++;
                }
                case '"' -> at = string(at);
                default -> at++;
            }
        }
        wellFormed &= opened && depth == 0;
    }

    /** Passes a string; if it is a name, looks at its value. Gives the place to go on at. */
    private int string(int quote) {
        int close = JsonText.end(json, quote + 1, to);
        if (close >= to) {
            wellFormed = false;
            return to;
        }
        int colon = pastWhitespace(close + 1);
        if (colon >= to || json[colon] != ':') {
            return colon;
        }
        int value = pastWhitespace(colon + 1);
        if (value < to) {
            member(quote, close, value);
        }
        return value;
    }

    private void member(int quote, int close, int value) {
        switch (depth) {
            case 1 -> topMember(quote, close, value);
            case 3 -> {
                if (is(FINISH_REASON, quote, close)) {
                    text(value, finishReasons);
                } else if (is(TEXT, quote, close)) {
                    text(value, tally);
                }
            }
            case 4 -> {
                if (is(CONTENT, quote, close)
                        || is(REFUSAL, quote, close)
                        || is(REASONING_CONTENT, quote, close)
                        || is(REASONING, quote, close)) {
                    text(value, tally);
                }
            }
            case 5, 7 -> {
                if (is(ARGUMENTS, quote, close) || is(NAME, quote, close) || is(TRANSCRIPT, quote, close)) {
                    text(value, tally);
                }
            }
            default -> {}
        }
    }

    private void topMember(int quote, int close, int value) {
        if (is(USAGE, quote, close)) {
            usageMembers++;
            usageNameAt = quote;
            usageValueAt = value;
        } else if (is(MODEL, quote, close)) {
            text(value, model);
        } else if (is(SERVICE_TIER, quote, close)) {
            text(value, serviceTier);
        } else if (is(ERROR, quote, close)) {
            error |= json[value] != 'n';
        }
    }

    private void text(int value, TextSink sink) {
        if (json[value] == '"') {
            int close = JsonText.end(json, value + 1, to);
            if (close < to) {
                sink.add(json, value + 1, close);
            }
        }
    }

    private boolean is(byte[] name, int quote, int close) {
        int length = close - quote - 1;
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (json[quote + 1 + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    private int pastWhitespace(int from) {
        int at = from;
        while (at < to && whitespace(json[at])) {
            at++;
        }
        return at;
    }

    private static boolean whitespace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the document has usage, other than null, that must be read. */
    boolean usage() {
        return usageMembers > 1 || (usageMembers == 1 && json[usageValueAt] != 'n');
    }

    /** Whether the document has exactly one member {@code usage}, whose bytes can be cut out. */
    boolean usageOnce() {
        return wellFormed && usageMembers == 1 && valueEnd() <= to;
    }

    /** Whether that is {@code "usage":null}. */
    boolean nullUsage() {
        return usageMembers == 1 && literalNull();
    }

    private boolean literalNull() {
        return usageValueAt + 4 < to
                && json[usageValueAt] == 'n'
                && json[usageValueAt + 1] == 'u'
                && json[usageValueAt + 2] == 'l'
                && json[usageValueAt + 3] == 'l';
    }

    /** Behind the value of the member: of a null, or of an object, to whose end brackets and strings are followed. */
    private int valueEnd() {
        if (json[usageValueAt] != '{') {
            return literalNull() ? usageValueAt + 4 : Integer.MAX_VALUE;
        }
        int open = 0;
        for (int at = usageValueAt; at < to; at++) {
            switch (json[at]) {
                case '{', '[' -> open++;
                case '}', ']' -> open--;
                case '"' -> at = JsonText.end(json, at + 1, to);
                default -> {}
            }
            if (open == 0) {
                return at + 1;
            }
        }
        return Integer.MAX_VALUE;
    }

    /** Where the bytes begin that go with the member {@code usage}: at the comma before it, if there is one. */
    int usageFrom(int documentFrom) {
        int at = usageNameAt;
        while (at > documentFrom && whitespace(json[at - 1])) {
            at--;
        }
        return at > documentFrom && json[at - 1] == ',' ? at - 1 : usageNameAt;
    }

    /** Where they end: past its value, and past the comma and spaces after it if there was no comma before. */
    int usageTo(int documentFrom) {
        int end = valueEnd();
        if (usageFrom(documentFrom) != usageNameAt) {
            return end;
        }
        int comma = pastWhitespace(end);
        return comma < to && json[comma] == ',' ? pastWhitespace(comma + 1) : end;
    }

    /** Whether the document says that the call failed. */
    boolean error() {
        return error;
    }

    NameSlot model() {
        return model;
    }

    NameSlot serviceTier() {
        return serviceTier;
    }

    NameSet finishReasons() {
        return finishReasons;
    }
}
